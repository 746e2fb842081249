//! Photographing into a label.

use super::new_label::NewLabel;
use crate::components::each::Each;
use crate::{
    color,
    components::{camera::CameraDialog, icons::Chevron, testid},
    files::Picked,
    i18n,
    state::workspace::Workspace,
};
use dto::LabelId;
use leptos::prelude::*;

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
                <NewLabel
                    on_choice=move |label| chosen.set(Some(label))
                    placeholder=i18n::or_new_label_hint()
                    name=i18n::or_new_label()
                    testid=testid::CAMERA_NEW_LABEL
                >
                    <span class="muted small">{i18n::or_new_label()}</span>
                </NewLabel>
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
                <Each
                    each=move || workspace.labels.get().unwrap_or_default()
                    key=|label| (label.id, label.name.clone())
                    let:label
                >
                    <option value=label.id.to_string() prop:selected=move || chosen.get() == Some(label.id)>
                        {label.name}
                    </option>
                </Each>
            </select>
            <Chevron />
        </label>
    }
}
