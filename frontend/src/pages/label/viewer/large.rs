//! The picture itself, as it was uploaded; its small version where the browser can't show that, or the
//! server has lost it.

use crate::components::show::Show;
use crate::{api, i18n};
use dto::image::Image;
use leptos::prelude::*;

#[component]
pub fn Large(image: Image) -> impl IntoView {
    let id = image.id;
    let is_damaged = image.damaged;
    let is_unknown = RwSignal::new(is_damaged);
    let src = move || if is_unknown.get() { api::images::thumbnail_url(id) } else { api::images::file_url(id) };
    view! {
        <figure>
            <img src=src alt=image.file_name on:error=move |_| is_unknown.set(true) />
            <Show when=move || is_unknown.get()>
                <figcaption class="muted small">
                    {if is_damaged { i18n::file_lost() } else { i18n::small_version() }}
                </figcaption>
            </Show>
        </figure>
    }
}
