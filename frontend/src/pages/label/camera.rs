//! Photographing into a label.

use crate::{
    api, color,
    components::{
        camera::CameraDialog,
        icons::{CameraBody, Chevron},
        testid,
    },
    files::Picked,
    i18n,
    state::workspace::Workspace,
};
use dto::{ErrorCode, LabelId};
use leptos::{ev, prelude::*, task::spawn_local};

/// The button that opens the camera.
#[component]
pub fn UseCamera(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <button type="button" class="btn" data-testid=testid::CAMERA_OPEN on:click=move |_| open.set(true)>
            <CameraBody />
            {i18n::use_camera()}
        </button>
    }
}

/// The camera, whose pictures go to the label that is chosen in it.
#[component]
pub fn CameraIntoLabel(open: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::get();
    // Outlives the dialog, so that one goes on with the label that one had.
    let chosen = RwSignal::new(None::<LabelId>);
    let on_shot = move |file: web_sys::File| {
        let label = chosen.get_untracked().and_then(|id| untrack(|| workspace.label(id))).map(|label| label.name);
        workspace.uploads.add(vec![Picked::shot(file, label)], workspace);
    };
    view! {
        <CameraDialog open=open on_shot=on_shot>
            <div class="row destination">
                <ChooseLabel chosen=chosen />
                <NewLabel chosen=chosen />
            </div>
        </CameraDialog>
    }
}

#[component]
fn ChooseLabel(chosen: RwSignal<Option<LabelId>>) -> impl IntoView {
    let workspace = Workspace::get();
    let color = move || chosen.get().and_then(|id| workspace.label(id)).map(|label| color::css(&label.color));
    view! {
        <label class="pick" class:none=move || chosen.get().is_none() style:--c=move || color().unwrap_or_default()>
            <span class="dot" aria-hidden="true"></span>
            <select
                aria-label=i18n::pictures_go_to()
                data-testid=testid::CAMERA_LABEL
                on:change:target=move |event| chosen.set(event.target().value().parse().ok())
            >
                <option value="" prop:selected=move || chosen.get().is_none()>
                    {i18n::no_label()}
                </option>
                <For
                    each=move || workspace.labels.get().unwrap_or_default()
                    key=|label| (label.id, label.name.clone())
                    let:label
                >
                    <option value=label.id.to_string() prop:selected=move || chosen.get() == Some(label.id)>
                        {label.name}
                    </option>
                </For>
            </select>
            <Chevron />
        </label>
    }
}

#[component]
fn NewLabel(chosen: RwSignal<Option<LabelId>>) -> impl IntoView {
    let workspace = Workspace::get();
    let name = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = name.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            return;
        }
        spawn_local(async move {
            let answer = match api::labels::create(workspace.id, &wanted).await {
                // Whoever types the name of a label means that label.
                Err(error) if error.code() == Some(ErrorCode::LabelExists) => {
                    existing(workspace, &wanted).map(|label| label.id).ok_or(error)
                }
                answer => answer.map(|label| label.id),
            };
            match answer {
                Ok(id) => {
                    name.try_set(String::new());
                    chosen.try_set(Some(id));
                }
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
            workspace.refresh_counts();
        });
    };
    view! {
        <form class="add" on:submit=add>
            <span class="muted small">{i18n::or_new_label()}</span>
            <input
                placeholder=i18n::or_new_label_hint()
                aria-label=i18n::or_new_label()
                maxlength=dto::limits::NAME_CHARS.end().to_string()
                autocomplete="off"
                enterkeyhint="done"
                aria-invalid=move || error.with(Option::is_some).to_string()
                data-testid=testid::CAMERA_NEW_LABEL
                bind:value=name
                on:input=move |_| error.set(None)
            />
            {move || error.get().map(|text| view! { <p class="field-error" role="alert">{text}</p> })}
        </form>
    }
}

fn existing(workspace: Workspace, name: &str) -> Option<dto::label::Label> {
    let is_it = |label: &&dto::label::Label| label.name.to_lowercase() == name.to_lowercase();
    workspace.labels.with_untracked(|labels| labels.as_ref()?.iter().find(is_it).cloned())
}
