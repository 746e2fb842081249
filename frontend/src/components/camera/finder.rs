//! What the camera shows, or why it shows nothing; which camera; mirrored or not.

use super::{Camera, Stage, device::Footage};
use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    components::{icons::Chevron, testid},
    i18n,
};
use leptos::prelude::*;

#[component]
pub fn Finder(camera: Camera) -> impl IntoView {
    // The stream is a property that HTML has no attribute for.
    Effect::new(move || {
        if let Some(video) = camera.video.get() {
            camera.footage.with(|footage| video.set_src_object(footage.as_ref().map(|footage| &footage.stream)));
        }
    });
    let state = move || match camera.stage.get() {
        Stage::Starting => "starting",
        Stage::Live => "live",
        Stage::Trouble(_) => "trouble",
    };
    let trouble = move || match camera.stage.get() {
        Stage::Trouble(trouble) => Some(trouble.sentence()),
        Stage::Starting | Stage::Live => None,
    };
    view! {
        <div class="finder" data-state=state>
            <video
                node_ref=camera.video
                class:mirrored=move || camera.mirrored.get()
                prop:muted=true
                autoplay
                playsinline
                aria-label=i18n::camera_view()
            ></video>
            <Show when=move || camera.stage.get() == Stage::Starting>
                <p role="status">{i18n::camera_starting()}</p>
            </Show>
            {move || {
                trouble()
                    .map(|sentence| {
                        view! {
                            <div class="trouble" role="alert">
                                <p data-testid=testid::CAMERA_TROUBLE>{sentence}</p>
                                <button type="button" class="btn" on:click=move |_| camera.start(None)>
                                    {i18n::try_again()}
                                </button>
                            </div>
                        }
                    })
            }}
        </div>
        <Choices camera=camera />
    }
}

#[component]
fn Choices(camera: Camera) -> impl IntoView {
    let current = move || camera.footage.with(|footage| footage.as_ref().and_then(Footage::device_id));
    let rows = move || camera.devices.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <Show when=move || camera.is_live()>
            <div class="row">
                <Show when=move || camera.devices.with(|devices| devices.len() > 1)>
                    <label class="pick">
                        <select
                            aria-label=i18n::which_camera()
                            data-testid=testid::CAMERA_DEVICE
                            on:change:target=move |event| camera.start(Some(event.target().value()))
                        >
                            <Each each=rows key=|(_, device)| device.id.clone() let((place, device))>
                                {
                                    let id = device.id.clone();
                                    view! {
                                        <option value=device.id prop:selected=move || current().as_ref() == Some(&id)>
                                            {i18n::camera_named(place + 1, &device.name)}
                                        </option>
                                    }
                                }
                            </Each>
                        </select>
                        <Chevron />
                    </label>
                </Show>
                <span class="grow"></span>
                <label class="switch">
                    <input type="checkbox" data-testid=testid::CAMERA_MIRROR bind:checked=camera.mirrored />
                    {i18n::mirror()}
                </label>
            </div>
        </Show>
    }
}
