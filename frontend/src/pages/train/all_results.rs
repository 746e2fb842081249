//! What the model says of every picture it was trained on.

use crate::{
    api::{self, ApiError},
    components::failure::Failure,
    format, i18n,
};
use dto::{
    ModelId,
    result::{ImageResult, ResultQuery},
};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn AllResults(model: ModelId) -> impl IntoView {
    let results = RwSignal::new(Vec::<ImageResult>::new());
    let cursor = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let load = move || {
        busy.set(true);
        error.set(None);
        let query = ResultQuery { cursor: cursor.get_untracked(), ..Default::default() };
        spawn_local(async move {
            let answer = api::train::results(model, &query).await;
            if results.is_disposed() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(page) => {
                    results.update(|results| results.extend(page.items));
                    cursor.set(page.next_cursor);
                }
                Err(problem) => error.set(Some(problem)),
            }
        });
    };
    load();
    view! {
        <div class="miss" role="list">
            <For each=move || results.get() key=|result| result.image_id let:result>
                <ResultCard result=result />
            </For>
        </div>
        {move || error.get().map(|error| view! { <Failure error=error retry=move |()| load() /> })}
        <Show when=move || busy.get()>
            <p class="muted" role="status">
                {i18n::loading()}
            </p>
        </Show>
        <Show when=move || cursor.with(Option::is_some) && !busy.get()>
            <div class="row center">
                <button type="button" class="btn" on:click=move |_| load()>
                    {i18n::show_more()}
                </button>
            </div>
        </Show>
    }
}

#[component]
fn ResultCard(result: ImageResult) -> impl IntoView {
    let is_right = result.current_label_id == Some(result.predicted_id);
    view! {
        <div class="pic" role="listitem" class:wrong=!is_right data-image-id=result.image_id.to_string()>
            <img
                src=api::images::thumbnail_url(result.image_id)
                alt=result.file_name.clone()
                title=result.file_name.clone()
                width="256"
                height="192"
                loading="lazy"
                decoding="async"
            />
            <div class="why">
                <div class="ellipsis">
                    {i18n::you_said()} " " <b>{result.current_label.unwrap_or_else(|| i18n::no_label().into())}</b>
                </div>
                <div class="ellipsis">
                    {i18n::pupil_says()} " " <b class:bad-text=!is_right>{result.predicted}</b> " "
                    <span class="muted num">{format::percent(result.probability)}</span>
                </div>
                <Show when=move || !result.out_of_fold>
                    <div class="muted">{i18n::learned_this_one()}</div>
                </Show>
            </div>
        </div>
    }
}
