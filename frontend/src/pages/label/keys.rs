//! The keyboard on the Label page; `keys_help` lists it.

use super::{viewer::Viewing, window::Layout};
use crate::{components::toast::Toasts, dom, state::workspace::Workspace};
use dto::{ImageId, LabelId};
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// `layout` says how far up and down lead; `help` is opened by `?`.
pub fn listen(workspace: Workspace, layout: RwSignal<Layout>, help: RwSignal<bool>) {
    let toasts = Toasts::get();
    let Viewing(viewing) = expect_context();
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
        let columns = layout.get_untracked().columns as isize;
        match event.key().as_str() {
            "?" => help.set(true),
            "Escape" => workspace.selection.clear(),
            "ArrowLeft" => move_focus(workspace, &event, -1),
            "ArrowRight" => move_focus(workspace, &event, 1),
            "ArrowUp" => move_focus(workspace, &event, -columns),
            "ArrowDown" => move_focus(workspace, &event, columns),
            "Enter" if is_on(&event, ".see") => {
                event.prevent_default();
                viewing.set(focused(&event));
            }
            "Delete" | "Backspace" => {
                let ids = meant(workspace, &order, &event);
                if !ids.is_empty() {
                    workspace.gallery.delete(ids, workspace, toasts);
                }
            }
            key => {
                let ids = meant(workspace, &order, &event);
                if let (Some(label), false) = (label_of_key(workspace, key), ids.is_empty()) {
                    event.prevent_default();
                    workspace.gallery.set_label(ids, label, workspace, toasts);
                    workspace.selection.clear();
                }
            }
        }
    });
}

/// The label that a key gives: that of its number, or none for 0.
pub fn label_of_key(workspace: Workspace, key: &str) -> Option<Option<LabelId>> {
    let number: usize = key.parse().ok()?;
    match number.checked_sub(1) {
        None => Some(None),
        Some(place) => workspace.labels.with_untracked(|labels| Some(labels.as_ref()?.get(place)?.id)).map(Some),
    }
}

/// Moves the focus so many pictures on. From outside the grid, it goes to the first picture that can be seen.
fn move_focus(workspace: Workspace, event: &ev::KeyboardEvent, distance: isize) {
    let target = match focused(event) {
        Some(id) => workspace.gallery.neighbour(id, distance),
        None => first_in_view(),
    };
    let picture =
        target.and_then(|id| document().query_selector(&format!("[data-image-id=\"{id}\"] .see")).ok().flatten());
    if let Some(picture) = picture.and_then(|picture| picture.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        let _ = picture.focus();
    }
}

fn first_in_view() -> Option<ImageId> {
    let cards = document().query_selector_all("[data-image-id]").ok()?;
    let mut cards = (0..cards.length()).filter_map(|place| cards.item(place)?.dyn_into::<Element>().ok());
    let card = cards.find(|card| card.get_bounding_client_rect().top() >= 0.0)?;
    card.get_attribute("data-image-id")?.parse().ok()
}

/// The selected pictures, or the one that has the focus when none is selected.
fn meant(workspace: Workspace, order: &[ImageId], event: &ev::KeyboardEvent) -> Vec<ImageId> {
    let selected = workspace.selection.in_order(order);
    if selected.is_empty() { focused(event).into_iter().collect() } else { selected }
}

/// The picture that has the focus.
fn focused(event: &ev::KeyboardEvent) -> Option<ImageId> {
    let element = event.target()?.dyn_into::<Element>().ok()?;
    element.closest("[data-image-id]").ok()??.get_attribute("data-image-id")?.parse().ok()
}

fn is_on(event: &ev::KeyboardEvent, css: &str) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| element.closest(css).is_ok_and(|found| found.is_some()))
}

fn dialog_is_open() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|dialog| dialog.is_some())
}
