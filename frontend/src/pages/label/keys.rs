//! The keyboard on the Label page: 1–9 label, Delete deletes, Escape lets go, Ctrl+A takes all.

use crate::{components::toast::Toasts, dom, state::workspace::Workspace};
use dto::ImageId;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

pub fn listen(workspace: Workspace) {
    let toasts = Toasts::get();
    dom::on_window(ev::keydown, move |event| {
        if dom::is_typing(&event) || event.alt_key() || dialog_is_open() {
            return;
        }
        let order = workspace.gallery.order();
        if event.ctrl_key() || event.meta_key() {
            if event.key() == "a" {
                event.prevent_default();
                workspace.selection.select_all(&order);
            }
            return;
        }
        match event.key().as_str() {
            "Escape" => workspace.selection.clear(),
            "Delete" | "Backspace" => {
                let ids = workspace.selection.in_order(&order);
                if !ids.is_empty() {
                    workspace.gallery.delete(ids, workspace, toasts);
                }
            }
            key => {
                let label = key.parse::<usize>().ok().and_then(|number| nth_label(workspace, number));
                let ids = meant(workspace, &order, &event);
                if let (Some(label), false) = (label, ids.is_empty()) {
                    event.prevent_default();
                    workspace.gallery.set_label(ids, Some(label), workspace, toasts);
                    workspace.selection.clear();
                }
            }
        }
    });
}

/// The selected pictures, or the one that has the focus when none is selected.
fn meant(workspace: Workspace, order: &[ImageId], event: &ev::KeyboardEvent) -> Vec<ImageId> {
    let selected = workspace.selection.in_order(order);
    if !selected.is_empty() {
        return selected;
    }
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let card = element.and_then(|element| element.closest("[data-image-id]").ok().flatten());
    card.and_then(|card| card.get_attribute("data-image-id")?.parse().ok()).into_iter().collect()
}

/// The label of key `number`, 1 to 9.
fn nth_label(workspace: Workspace, number: usize) -> Option<dto::LabelId> {
    workspace.labels.with_untracked(|labels| Some(labels.as_ref()?.get(number.checked_sub(1)?)?.id))
}

fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}
