//! Which version answers: the one in use, unless another is chosen here.

use super::asked::Questions;
use crate::components::each::Each;
use crate::{components::testid, format, i18n};
use dto::model::{Model, Status};
use leptos::prelude::*;

#[component]
pub fn ChooseVersion(questions: Questions) -> impl IntoView {
    let workspace = questions.workspace;
    let ready = move || {
        let mut models = workspace.known_models();
        models.extend(workspace.active_model().filter(|active| models.iter().all(|model| model.id != active.id)));
        models.retain(|model| model.status == Status::Ready);
        models
    };
    let in_use = move || workspace.active_model().map(|model| i18n::version_in_use_option(&name(&model)));
    let older = workspace.older_models;
    view! {
        <label class="row version">
            <span class="small muted">{i18n::answers_come_from()}</span>
            <select
                data-testid=testid::PREDICT_VERSION
                on:change:target=move |event| questions.ask_version(event.target().value().parse().ok())
            >
                <option value="" prop:selected=move || questions.model.get().is_none()>
                    {in_use}
                </option>
                <Each each=ready key=|model| (model.id, model.name.clone()) let:model>
                    <option
                        value=model.id.to_string()
                        prop:selected=move || questions.model.get() == Some(model.id)
                    >
                        {name(&model)}
                    </option>
                </Each>
            </select>
        </label>
        {move || workspace.older_models_cursor().map(|next| view! {
            <button
                type="button"
                class="link small"
                disabled=move || older.busy.get()
                data-testid=testid::VERSIONS_MORE
                on:click=move |_| older.read(next.clone())
            >
                {move || if older.busy.get() { i18n::loading() } else { i18n::read_older() }}
            </button>
        })}
    }
}

fn name(model: &Model) -> String {
    match model.accuracy {
        Some(accuracy) => format!("{} · {}", model.name, format::percent(accuracy)),
        None => model.name.clone(),
    }
}
