//! All suggestions that are certain enough at once.

use super::suggesting::Suggesting;
use crate::state::reading::Reading;
use crate::{api, components::testid, format, i18n};
use dto::suggestion::SuggestionQuery;
use leptos::prelude::*;

/// In percent. Below it a suggestion is a coin toss.
const LEAST: u32 = 50;
const AT_FIRST: u32 = 95;

#[component]
pub fn AcceptAll(suggesting: Suggesting) -> impl IntoView {
    let percent = RwSignal::new(AT_FIRST);
    let at_least = move || f64::from(percent.get()) / 100.0;
    let project = suggesting.workspace.id;
    let counting = Reading::new(move || {
        let query = SuggestionQuery { at_least: Some(at_least()), limit: Some(1), ..Default::default() };
        // Whatever was labelled or suggested anew is counted anew.
        suggesting.head.track();
        async move { api::suggestions::list(project, &query).await.ok().map(|suggestions| suggestions.total) }
    });
    let count = Memo::new(move |_| counting.get().flatten().unwrap_or(0));
    let percent_text = move || format::percent(at_least());
    view! {
        <div class="row accept-all">
            <input
                type="range"
                min=LEAST
                max="100"
                step="1"
                aria-label=i18n::how_certain()
                aria-valuetext=percent_text
                data-testid=testid::SUGGESTIONS_THRESHOLD
                prop:value=move || percent.get().to_string()
                on:input:target=move |event| percent.set(event.target().value().parse().unwrap_or(AT_FIRST))
            />
            <button
                type="button"
                class="btn"
                disabled=move || count.get() == 0
                data-testid=testid::SUGGESTIONS_ACCEPT_ALL
                on:click=move |_| suggesting.accept_all(f64::from(percent.get_untracked()) / 100.0)
            >
                {move || match count.get() {
                    0 => i18n::nothing_certain().to_owned(),
                    count => i18n::accept_all(count, &percent_text()),
                }}
            </button>
        </div>
    }
}
