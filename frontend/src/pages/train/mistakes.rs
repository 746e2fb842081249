//! The pictures the model was trained on: those that look wrong to it and those whose label is probably wrong, to be
//! kept, relabelled or deleted in place, or all.

use super::{
    all_results::AllResults,
    doubt::{Doubt, converted},
    mistake_card::MistakeCard,
};
use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    api,
    components::{
        empty::Empty,
        label_select::LabelSelect,
        more::{More, Paged},
        testid,
        train_button::StartButton,
    },
    i18n,
    state::workspace::Workspace,
};
use dto::{LabelId, ModelId, result::ResultQuery};
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Mistakes,
    Doubtful,
    All,
}

#[component]
pub fn Mistakes(model: ModelId) -> impl IntoView {
    let workspace = Workspace::get();
    let shown = RwSignal::new(Shown::Mistakes);
    let label = RwSignal::new(None::<LabelId>);
    let chip = move |which: Shown, word: &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (shown.get() == which).to_string()
                data-testid=testid
                on:click=move |_| shown.set(which)
            >
                {word}
            </button>
        }
    };
    view! {
        <section class="all mistakes">
            <div class="tools">
                <div class="chips grow" role="group" aria-label=i18n::show_which()>
                    {chip(Shown::Mistakes, i18n::surest_first(), testid::SHOW_MISTAKES)}
                    {chip(Shown::Doubtful, i18n::labels_to_check(), testid::SHOW_DOUBTFUL)}
                    {chip(Shown::All, i18n::all_pictures(), testid::SHOW_ALL)}
                </div>
                <Show when=move || shown.get() != Shown::Doubtful>
                    <LabelSelect
                        labels=workspace.labels
                        current=label
                        on_pick=move |picked| label.set(picked)
                        name=i18n::show_which()
                        placeholder=i18n::all_labels()
                        none=i18n::all_labels()
                        testid=testid::RESULTS_LABEL
                    />
                </Show>
            </div>
            {move || match (shown.get(), label.get()) {
                (Shown::Mistakes, label) => view! { <CheckList model=model list=mistakes(model, label) words=MISTAKES /> }.into_any(),
                (Shown::Doubtful, _) => view! { <CheckList model=model list=doubtful(model) words=DOUBTFUL /> }.into_any(),
                (Shown::All, label) => view! { <AllResults model=model label=label /> }.into_any(),
            }}
        </section>
    }
}

/// Pictures that look wrong to the model, the surest first.
fn mistakes(model: ModelId, label: Option<LabelId>) -> Paged<Doubt> {
    Paged::new(move |cursor| async move {
        let query = ResultQuery { mistakes: Some(true), cursor, label, ..Default::default() };
        api::train::results(model, &query).await.map(converted)
    })
}

/// Pictures whose label is probably wrong, the most suspicious first.
fn doubtful(model: ModelId) -> Paged<Doubt> {
    Paged::new(move |cursor| async move { api::evaluation::label_errors(model, cursor).await.map(converted) })
}

/// What a list says of itself.
#[derive(Clone, Copy)]
struct Words {
    /// How many there are, and whether there are further ones.
    title: fn(usize, bool) -> String,
    /// Why there are none: a title and what it means.
    none: (&'static str, &'static str),
}

const MISTAKES: Words = Words { title: i18n::look_wrong, none: (i18n::no_mistakes(), i18n::no_mistakes_help()) };
const DOUBTFUL: Words = Words { title: i18n::labels_doubted, none: (i18n::labels_fine(), i18n::labels_fine_help()) };

#[component]
fn CheckList(model: ModelId, list: Paged<Doubt>, words: Words) -> impl IntoView {
    let workspace = Workspace::get();
    // What was dealt with since the list was read is left out of it.
    let open = Memo::new(move |_| -> Vec<Doubt> {
        let (mended, kept) = (workspace.mended.get(), workspace.kept.get());
        let is_open = |doubt: &&Doubt| !mended.contains(&doubt.image_id) && !kept.contains(&(model, doubt.image_id));
        list.items.with(|items| items.iter().filter(is_open).cloned().collect())
    });
    let title = move || list.has_begun().then(|| (words.title)(open.with(Vec::len), list.has_more()));
    let is_empty = move || list.has_begun() && !list.has_more() && open.with(Vec::is_empty);
    let empty_words = move || {
        if list.items.with(Vec::is_empty) { words.none } else { (i18n::mistakes_done(), i18n::mistakes_done_help()) }
    };
    let changed = move || workspace.mended.with(|mended| mended.len());
    view! {
        <h1 class="num" role="status">{title}</h1>
        <Show when=move || { changed() > 0 }>
            <div class="card row changed">
                <p class="grow num">{move || i18n::changed_now(changed())}</p>
                <StartButton testid=testid::TRAIN_CHANGED />
            </div>
        </Show>
        <Show when=is_empty>
            <div class="card">
                <Empty
                    title=Signal::derive(move || empty_words().0.to_owned())
                    text=Signal::derive(move || empty_words().1.to_owned())
                />
            </div>
        </Show>
        <div class="miss" role="list">
            <Each each=move || open.get() key=|doubt| doubt.image_id let:doubt>
                <MistakeCard model=model doubt=doubt />
            </Each>
        </div>
        <More reading=list.reading />
    }
}
