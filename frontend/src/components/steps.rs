//! The three steps, each with how it stands.

use super::testid;
use crate::{format, i18n, state::workspace::Workspace};
use dto::model::{Model, Phase};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

#[component]
pub fn Steps() -> impl IntoView {
    let workspace = Workspace::get();
    let label_state = move || match workspace.project.get() {
        Some(project) if project.image_count == 0 => i18n::no_pictures_yet().to_owned(),
        Some(project) => i18n::labelled_of(project.labelled_count, project.image_count),
        None => String::new(),
    };
    let train_state = move || match (workspace.run.model.get(), workspace.active_model()) {
        (Some(run), _) if !run.status.is_over() => run_state(&run),
        (_, Some(model)) => i18n::version_with_accuracy(model.version, model.accuracy.map(format::percent).as_deref()),
        (_, None) if workspace.models.with(Option::is_some) => i18n::not_trained_yet().to_owned(),
        _ => String::new(),
    };
    let predict_state = move || match workspace.active_model() {
        Some(_) => i18n::ready(),
        None if workspace.models.with(Option::is_some) => i18n::needs_training(),
        None => "",
    };
    view! {
        <nav class="steps" aria-label=i18n::steps()>
            <Step page="label" name=i18n::step_label() state=label_state testid=testid::STEP_LABEL />
            <Step page="train" name=i18n::step_train() state=train_state testid=testid::STEP_TRAIN />
            <Step page="predict" name=i18n::step_predict() state=predict_state testid=testid::STEP_PREDICT />
        </nav>
    }
}

#[component]
fn Step<S, F>(page: &'static str, name: &'static str, state: F, testid: &'static str) -> impl IntoView
where
    S: Into<String>,
    F: Fn() -> S + Send + 'static,
{
    let href = format!("/projects/{}/{page}", Workspace::get().id);
    let path = use_location().pathname;
    let is_current = {
        let href = href.clone();
        move || (path.get().trim_end_matches('/') == href).then_some("step")
    };
    view! {
        <a href=href data-testid=testid aria-current=is_current class="step">
            <b>{name}</b>
            <small class="num">{move || state().into()}</small>
        </a>
    }
}

/// What a run is doing, in a few words.
fn run_state(run: &Model) -> String {
    let progress = run.progress;
    match run.phase {
        None => i18n::waiting().to_owned(),
        Some(Phase::Embedding) => i18n::looking_at(progress.done, progress.total),
        Some(Phase::Training) => i18n::epoch_under_way(run),
        Some(Phase::Evaluating) => i18n::checking().to_owned(),
    }
}
