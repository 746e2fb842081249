//! Above the grid: that Pupil can suggest labels.

use super::{super::address::View, suggesting};
use crate::components::show::Show;
use crate::state::reading::Reading;
use crate::{api, components::testid, i18n, state::workspace::Workspace};
use dto::suggestion::SuggestionQuery;
use leptos::prelude::*;

#[component]
pub fn SuggestionsBar() -> impl IntoView {
    let workspace = Workspace::get();
    let model = suggesting::model(workspace);
    let unlabelled = Memo::new(move |_| {
        workspace
            .project
            .with(|project| project.as_ref().map_or(0, |project| project.image_count - project.labelled_count))
    });
    let counting = Reading::new(move || {
        let can_be = model.get().is_some() && unlabelled.get() > 0;
        async move {
            if !can_be {
                return 0;
            }
            let query = SuggestionQuery { limit: Some(1), ..Default::default() };
            // What can't be read now is an offer less, nothing that anybody misses.
            api::suggestions::list(workspace.id, &query).await.map_or(0, |found| found.total + found.pending)
        }
    });
    let count = Memo::new(move |_| counting.get().unwrap_or(0));
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="card row suggestions-bar" data-testid=testid::SUGGESTIONS_BAR>
                <p class="grow num">{move || i18n::can_suggest(count.get())}</p>
                <a class="btn" href=View::Suggestions.address(workspace.id)>
                    {i18n::look_at_suggestions()}
                </a>
            </div>
        </Show>
    }
}
