//! How good the model is: the number that is the biggest thing on the page, and what it means.

use super::evaluation::{Evaluating, Notes};
use crate::{components::testid, dom, format, i18n, state::workspace::Workspace};
use dto::model::{Model, Status};
use leptos::prelude::*;

#[component]
pub fn Summary(model: Memo<Model>, evaluating: Option<Evaluating>) -> impl IntoView {
    let workspace = Workspace::get();
    let now = dom::clock();
    let headline = move || {
        model.with(|model| {
            let trained = i18n::ago(format::ago(model.finished_at.unwrap_or(model.created_at), now.get()));
            i18n::version_trained(model.version, &trained, model.train_seconds.map(format::seconds).as_deref())
        })
    };
    let accuracy = move || model.with(|model| model.accuracy);
    let likely =
        move || model.with(|model| model.accuracy_interval.map(|range| i18n::likely(&format::percent_range(range))));
    let measured = move || model.with(|model| i18n::measured(model.accuracy_kind));
    let on_training = move || model.with(|model| model.training_accuracy.map(format::percent));
    let against_before = move || {
        let (now, before) = (accuracy()?, version_before(workspace, &model.get())?);
        let points = format::points_between(before.accuracy?, now);
        Some((points, i18n::against_version(points, before.version)))
    };
    view! {
        <section class="card hero">
            <p class="muted num">{headline}</p>
            <p class="big num">
                <span data-testid=testid::ACCURACY>
                    {move || accuracy().map_or_else(|| "–".to_owned(), format::percent)}
                </span> " " <small>{likely}</small>
            </p>
            <h2>{move || accuracy().map(i18n::how_many_right)}</h2>
            <p class="muted">{measured}</p>
            {move || on_training().map(|percent| view! { <p class="muted">{i18n::training_accuracy(&percent)}</p> })}
            {move || {
                against_before()
                    .map(|(points, text)| {
                        view! { <p class="against num" class:better=points.is_positive() class:worse=points.is_negative()>{text}</p> }
                    })
            }}
            {evaluating.map(|evaluating| view! { <Notes evaluating=evaluating /> })}
            <div class="row bottom">
                <a href=format!("/projects/{}/predict", workspace.id) class="btn">
                    {i18n::try_on_new_picture()}
                </a>
            </div>
        </section>
    }
}

/// The newest ready version before this one.
fn version_before(workspace: Workspace, model: &Model) -> Option<Model> {
    workspace.models.with(|models| {
        let ready = models.as_ref()?.iter().filter(|other| other.status == Status::Ready);
        ready.filter(|other| other.version < model.version).max_by_key(|other| other.version).cloned()
    })
}
