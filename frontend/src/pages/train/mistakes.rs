//! The pictures that look wrong to the model: keep, relabel or delete each in place.

use super::{all_results::AllResults, mistake_card::MistakeCard};
use crate::{
    api,
    components::{empty::Empty, failure::Failure},
    i18n,
    state::workspace::Workspace,
};
use dto::{
    ModelId,
    result::{ImageResult, ResultQuery},
};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Mistakes,
    All,
}

#[component]
pub fn Mistakes(model: ModelId) -> impl IntoView {
    let workspace = Workspace::get();
    let shown = RwSignal::new(Shown::Mistakes);
    let page = LocalResource::new(move || {
        let query = ResultQuery { mistakes: Some(true), limit: Some(dto::limits::PAGE_MAX), cursor: None };
        async move { api::train::results(model, &query).await }
    });
    // What was dealt with since the list was read is left out of it.
    let mistakes = Memo::new(move |_| -> Option<Vec<ImageResult>> {
        let page = page.get()?.ok()?;
        let (mended, kept) = (workspace.mended.get(), workspace.kept.get());
        let is_open =
            |result: &ImageResult| !mended.contains(&result.image_id) && !kept.contains(&(model, result.image_id));
        Some(page.items.into_iter().filter(is_open).collect())
    });
    let error = move || page.get().and_then(Result::err);
    let has_more = move || page.get().is_some_and(|page| page.is_ok_and(|page| page.next_cursor.is_some()));
    let title =
        move || mistakes.with(|mistakes| mistakes.as_ref().map(|list| i18n::look_wrong(list.len(), has_more())));
    let is_empty = move || mistakes.with(|mistakes| mistakes.as_ref().is_some_and(Vec::is_empty));
    let empty_words = move || {
        if page.get().is_some_and(|page| page.is_ok_and(|page| page.items.is_empty())) {
            (i18n::no_mistakes(), i18n::no_mistakes_help())
        } else {
            (i18n::mistakes_done(), i18n::mistakes_done_help())
        }
    };
    let chip = move |which: Shown, word: &'static str| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (shown.get() == which).to_string()
                on:click=move |_| shown.set(which)
            >
                {word}
            </button>
        }
    };
    view! {
        <section class="all mistakes" aria-labelledby="mistakes-title">
            <div class="tools">
                <h1 id="mistakes-title" class="grow num" role="status">
                    {title}
                </h1>
                <div class="chips" role="group" aria-label=i18n::show_which()>
                    {chip(Shown::Mistakes, i18n::surest_first())}
                    {chip(Shown::All, i18n::all_pictures())}
                </div>
            </div>
            {move || error().map(|error| view! { <Failure error=error retry=move |()| page.refetch() /> })}
            <Show
                when=move || shown.get() == Shown::Mistakes
                fallback=move || view! { <AllResults model=model /> }
            >
                <Show when=is_empty>
                    <div class="card">
                        <Empty
                            title=Signal::derive(move || empty_words().0.to_owned())
                            text=Signal::derive(move || empty_words().1.to_owned())
                        />
                    </div>
                </Show>
                <div class="miss" role="list">
                    <For each=move || mistakes.get().unwrap_or_default() key=|result| result.image_id let:result>
                        <MistakeCard model=model result=result />
                    </For>
                </div>
            </Show>
        </section>
    }
}
