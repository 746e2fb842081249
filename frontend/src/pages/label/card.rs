//! One picture of the grid.

use super::viewer::Viewing;
use crate::{
    components::{
        icons::{Check, Expand},
        label_select::LabelSelect,
        testid,
        thumbnail::Thumbnail,
        toast::Toasts,
    },
    i18n,
    state::{gallery::Tile, workspace::Workspace},
};
use leptos::{ev, prelude::*};

#[component]
pub fn Card(tile: Tile) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let Viewing(viewing) = expect_context();
    let id = tile.id;
    let label_id = {
        let image = tile.image.clone();
        Memo::new(move |_| image.with(|image| image.label_id))
    };
    let label_name = move || label_id.get().and_then(|id| workspace.label(id)).map(|label| label.name);
    let file_name = StoredValue::new(tile.image.with_untracked(|image| image.file_name.clone()));
    let is_selected = Memo::new(move |_| workspace.selection.contains(id));
    let select = move |event: ev::MouseEvent| {
        // The second click of a double click takes back what the first did.
        if event.detail() == 2 {
            viewing.set(Some(id));
        }
        if event.shift_key() {
            event.prevent_default();
            workspace.selection.extend_to(id, &workspace.gallery.order());
        } else {
            workspace.selection.toggle(id);
        }
    };
    let description = move || match label_name() {
        Some(label) => i18n::picture_with_label(&file_name.get_value(), &label),
        None => i18n::picture_without_label(&file_name.get_value()),
    };
    let image = tile.image.clone();
    let title = move || {
        image.with(|image| match image.damaged {
            true => format!("{}\n{}", image.file_name, i18n::file_lost()),
            false => image.file_name.clone(),
        })
    };
    view! {
        <div
            class="pic"
            role="listitem"
            class:none=move || label_id.get().is_none()
            class:sel=move || is_selected.get()
            data-testid=testid::IMAGE_CARD
            data-image-id=id.to_string()
            data-label-name=move || label_name().unwrap_or_default()
        >
            <button
                type="button"
                class="see"
                role="checkbox"
                aria-checked=move || is_selected.get().to_string()
                aria-label=move || i18n::select_picture(&description())
                title=title
                on:click=select
            >
                <Thumbnail id=id />
                <span class="tick" aria-hidden="true">
                    <Check />
                </span>
            </button>
            <button
                type="button"
                class="open"
                aria-label=i18n::open_named(&file_name.get_value())
                title=i18n::open_picture()
                data-testid=testid::IMAGE_OPEN
                on:click=move |_| viewing.set(Some(id))
            >
                <Expand />
            </button>
            <LabelSelect
                labels=workspace.labels
                current=label_id
                on_pick=move |label| workspace.gallery.set_label(vec![id], label, workspace, toasts)
                name=Signal::derive(move || i18n::label_of(&file_name.get_value()))
                placeholder=i18n::choose_label()
                testid=testid::IMAGE_SELECT
            />
        </div>
    }
}
