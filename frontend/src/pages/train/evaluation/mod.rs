//! How good the model is, in detail: label by label, what it mixes up, and the other numbers of the field.

mod confusion;
mod labels;
mod numbers;

use crate::components::each::Each;
use crate::state::reading::Reading;
use crate::{
    api::{self, ApiResult},
    components::{failure::Failure, fold::Fold, testid},
    i18n,
    state::workspace::Workspace,
};
use confusion::Confusion;
use dto::{ModelId, evaluation::Evaluation};
use labels::Labels;
pub use labels::share;
use leptos::prelude::*;
use numbers::Numbers;

/// What several parts of the page show of it.
pub type Evaluating = Reading<ApiResult<Evaluation>>;

/// Reads a ready model's evaluation, and again when pictures that it learned from were relabelled or deleted.
pub fn read(model: ModelId) -> Evaluating {
    let workspace = Workspace::get();
    Reading::new(move || {
        workspace.mended.track();
        api::evaluation::get(model)
    })
}

/// What one should know to read the numbers.
#[component]
pub fn Notes(evaluating: Evaluating) -> impl IntoView {
    let notes = move || evaluating.get().and_then(Result::ok).map(|evaluation| evaluation.notes).unwrap_or_default();
    view! {
        <Each each=notes key=|note| note.text.clone() let:note>
            <p class="note small" data-testid=testid::EVALUATION_NOTE>
                {note.text}
            </p>
        </Each>
    }
}

#[component]
pub fn Details(evaluating: Evaluating) -> impl IntoView {
    let line = move || match evaluating.get() {
        Some(Ok(evaluation)) => i18n::evaluation_line(evaluation.tested, evaluation.labels.len()),
        _ => String::new(),
    };
    view! {
        <Fold title=i18n::evaluation() line=Signal::derive(line) testid=testid::EVALUATION>
            {move || match evaluating.get() {
                None => view! { <p class="muted" role="status">{i18n::loading()}</p> }.into_any(),
                Some(Err(error)) => {
                    view! { <Failure error=error retry=move |()| evaluating.refetch() /> }.into_any()
                }
                Some(Ok(evaluation)) => {
                    view! {
                        <Labels evaluation=evaluation.clone() />
                        <Confusion evaluation=evaluation.clone() />
                        <Numbers evaluation=evaluation />
                    }
                        .into_any()
                }
            }}
        </Fold>
    }
}
