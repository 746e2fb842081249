//! One picture shown large, with what is known of it and what can be done with it.

mod facts;
mod large;

use super::keys::label_of_key;
use crate::{
    api,
    components::{
        dialog::Dialog,
        icons::{Back, Bin, Cross, Forth},
        testid,
        toast::Toasts,
    },
    dom, i18n,
    state::workspace::Workspace,
};
use dto::{ImageId, LabelId};
use facts::Facts;
use large::Large;
use leptos::{ev, prelude::*};

/// The picture that is shown large; any part of the page may show one.
#[derive(Clone, Copy)]
pub struct Viewing(pub RwSignal<Option<ImageId>>);

#[component]
pub fn Viewer() -> impl IntoView {
    let Viewing(viewing) = expect_context();
    let open = RwSignal::new(false);
    Effect::new(move || open.set(viewing.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && viewing.with_untracked(Option::is_some) {
            viewing.set(None);
        }
    });
    view! {
        <Dialog open=open name=i18n::picture() class="viewer" testid=testid::VIEWER>
            <Inside open=open viewing=viewing />
        </Dialog>
    }
}

/// What stays while one goes from picture to picture, and with it the focus.
#[component]
fn Inside(open: RwSignal<bool>, viewing: RwSignal<Option<ImageId>>) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let gallery = workspace.gallery;
    let neighbour = move |distance| viewing.get().and_then(|id| gallery.neighbour(id, distance));
    let step = move |distance: isize| {
        if let Some(neighbour) = untrack(|| neighbour(distance)) {
            viewing.set(Some(neighbour));
        }
        // So that the next step finds one too.
        if untrack(|| neighbour(distance)).is_none() {
            gallery.load_more();
        }
    };
    let leave = move || viewing.set(untrack(|| neighbour(1).or_else(|| neighbour(-1))));
    let set_label = move |label: Option<LabelId>| {
        let Some(id) = viewing.get_untracked() else { return };
        if !gallery.filter.get_untracked().admits(label) {
            leave();
        }
        gallery.set_label(vec![id], label, workspace, toasts);
    };
    let delete = move || {
        let Some(id) = viewing.get_untracked() else { return };
        leave();
        gallery.delete(vec![id], workspace, toasts);
    };
    dom::on_window(ev::keydown, move |event| {
        if dom::is_typing(&event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => step(-1),
            "ArrowRight" => step(1),
            "Delete" | "Backspace" => delete(),
            key => {
                if let Some(label) = label_of_key(workspace, key) {
                    set_label(label);
                }
            }
        }
    });
    let is_end = move |distance| {
        move || {
            gallery.tiles.track();
            neighbour(distance).is_none().to_string()
        }
    };
    let tile = move || viewing.get().and_then(|id| gallery.tile(id));
    let image = move || tile().map(|tile| tile.image.get_untracked());
    let file_name = move || image().map(|image| image.file_name);
    view! {
        <div class="row head">
            <h2 class="grow ellipsis" title=file_name>
                {file_name}
            </h2>
            <button
                type="button"
                class="btn quiet icon-only"
                aria-label=i18n::close()
                data-testid=testid::VIEWER_CLOSE
                autofocus
                on:click=move |_| open.set(false)
            >
                <Cross />
            </button>
        </div>
        <div class="viewer-stage">
            <button
                type="button"
                class="btn icon-only"
                aria-label=i18n::previous_picture()
                aria-disabled=is_end(-1)
                data-testid=testid::VIEWER_PREVIOUS
                on:click=move |_| step(-1)
            >
                <Back />
            </button>
            {move || image().map(|image| view! { <Large image=image /> })}
            <button
                type="button"
                class="btn icon-only"
                aria-label=i18n::next_picture()
                aria-disabled=is_end(1)
                data-testid=testid::VIEWER_NEXT
                on:click=move |_| step(1)
            >
                <Forth />
            </button>
        </div>
        {move || tile().map(|tile| view! { <Facts tile=tile on_pick=set_label /> })}
        <div class="row end">
            <a
                class="btn"
                href=move || viewing.get().map(api::images::file_url)
                download=file_name
                rel="external"
                data-testid=testid::VIEWER_DOWNLOAD
            >
                {i18n::download()}
            </a>
            <button type="button" class="btn bad-text" data-testid=testid::VIEWER_DELETE on:click=move |_| delete()>
                <Bin />
                {i18n::delete()}
            </button>
        </div>
    }
}
