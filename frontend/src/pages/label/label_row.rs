//! One label of the panel: renamed in place, dragged to another place, and a dialog for the rest.

use super::edit_label::Editing;
use crate::{
    api, color,
    components::{icons::Dots, name_field::NameField, testid, toast::Toasts},
    format, i18n,
    state::{gallery::Filter, workspace::Workspace},
};
use dto::{
    LabelId,
    label::{Label, LabelChange},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// The label that is being dragged, known to all rows.
#[derive(Clone, Copy)]
pub struct Dragging(pub RwSignal<Option<LabelId>>);

/// `key_number` is the key that gives this label to the selected pictures.
#[component]
pub fn LabelRow(label: Label, key_number: Option<usize>) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let Dragging(dragging) = expect_context();
    let Editing(editing) = expect_context();
    let target = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let (id, position) = (label.id, label.position);
    let name = StoredValue::new(label.name.clone());
    // The count changes far more often than what the row is keyed by.
    let image_count = Memo::new(move |_| workspace.label(id).map_or(0, |label| label.image_count));

    let rename = move |new_name: String| {
        spawn_local(async move {
            let change = LabelChange { name: Some(new_name), ..Default::default() };
            let answer = api::labels::change(id, &change).await;
            error.try_set(answer.err().map(|error| error.to_string()));
            workspace.refresh_counts();
        });
    };
    let on_dragstart = move |event: ev::DragEvent| {
        if let Some(data) = event.data_transfer() {
            // Firefox drags nothing that carries nothing.
            let _ = data.set_data("text/plain", &name.get_value());
        }
        dragging.set(Some(id));
    };
    let on_dragover = move |event: ev::DragEvent| {
        if dragging.get_untracked().is_some() {
            event.prevent_default();
            target.set(true);
        }
    };
    let on_drop = move |event: ev::DragEvent| {
        target.set(false);
        if let Some(dragged) = dragging.get_untracked().filter(|dragged| *dragged != id) {
            event.prevent_default();
            move_to(dragged, position, workspace, toasts);
        }
    };
    view! {
        <li
            class:on=move || workspace.gallery.filter.get() == Filter::Label(id)
            class:target=move || target.get()
            style=("--c", color::css(&label.color))
            data-testid=testid::LABEL_ITEM
            data-label-name=label.name.clone()
            on:dragover=on_dragover
            on:dragleave=move |_| target.set(false)
            on:drop=on_drop
        >
            <span
                class="grip"
                draggable="true"
                title=i18n::drag_label()
                on:dragstart=on_dragstart
                on:dragend=move |_| dragging.set(None)
            >
                <span class="dot" aria-hidden="true"></span>
            </span>
            <NameField
                value=Signal::derive(move || name.get_value())
                on_change=rename
                label=i18n::name_of_label(&label.name)
                error=error
                testid=testid::LABEL_NAME
            />
            <span class="muted num small" title=move || i18n::pictures(image_count.get())>
                {move || format::count(image_count.get())}
            </span>
            {key_number.map(|number| view! { <kbd aria-hidden="true">{number}</kbd> })}
            <button
                type="button"
                class="btn quiet icon-only"
                aria-label=i18n::edit_label_named(&label.name)
                title=i18n::edit_label()
                data-testid=testid::LABEL_MORE
                on:click=move |_| editing.set(Some(id))
            >
                <Dots />
            </button>
        </li>
    }
}

/// Moves a label to another place in the list.
pub fn move_to(id: LabelId, position: u32, workspace: Workspace, toasts: Toasts) {
    let change = LabelChange { position: Some(position), ..Default::default() };
    spawn_local(async move {
        if let Err(error) = api::labels::change(id, &change).await {
            toasts.error(&error);
        }
        workspace.refresh_counts();
    });
}
