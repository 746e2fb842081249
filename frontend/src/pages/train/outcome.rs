//! Runs that gave no model.

use crate::i18n;
use dto::model::Model;
use leptos::prelude::*;

#[component]
pub fn Failed(model: Memo<Model>) -> impl IntoView {
    let sentence = move || {
        model.with(|model| match &model.problem {
            Some(problem) => problem.detail.clone(),
            None => i18n::failed_without_reason().to_owned(),
        })
    };
    view! {
        <section class="card hero">
            <p class="muted num">{move || i18n::version(model.with(|model| model.version))}</p>
            <h1 class="bad-text" role="alert">{i18n::training_failed()}</h1>
            <p>{sentence}</p>
            <p class="muted">{i18n::what_to_do_next()}</p>
        </section>
    }
}

#[component]
pub fn Cancelled(model: Memo<Model>) -> impl IntoView {
    view! {
        <section class="card hero">
            <h1 role="status">{move || i18n::version_cancelled(model.with(|model| model.version))}</h1>
            <p class="muted">{i18n::training_cancelled_help()}</p>
        </section>
    }
}
