//! The small version of one of the project's pictures.

use crate::{api, state::connection::Connection};
use dto::ImageId;
use leptos::{html, prelude::*};

#[component]
pub fn Thumbnail(id: ImageId, #[prop(into, optional)] alt: String) -> impl IntoView {
    let connection = Connection::get();
    let image = NodeRef::<html::Img>::new();
    let is_missing = RwSignal::new(false);
    // What could not be had while the server was away is asked for again when it is back.
    Effect::new(move || {
        if let (true, true, Some(image)) = (connection.is_there(), is_missing.get_untracked(), image.get_untracked()) {
            is_missing.set(false);
            image.set_src(&api::images::thumbnail_url(id));
        }
    });
    view! {
        <img
            node_ref=image
            src=api::images::thumbnail_url(id)
            alt=alt
            width="256"
            height="192"
            loading="lazy"
            decoding="async"
            draggable="false"
            class:missing=is_missing
            on:error=move |_| is_missing.set(true)
        />
    }
}
