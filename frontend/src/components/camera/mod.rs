//! The webcam: a dialog that takes pictures, one at a time or as a burst while the shutter is held.

mod device;
mod finder;
mod shot;
mod shutter;
mod trouble;

use super::{
    dialog::Dialog,
    icons::{CameraBody, Cross},
    testid,
};
use crate::{dom, i18n};
use device::{Device, Footage};
use finder::Finder;
use leptos::{ev, html, prelude::*, task::spawn_local};
use shutter::Shutter;
use trouble::Trouble;

/// How the camera stands.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// The browser asks the person, or the camera wakes up.
    Starting,
    Live,
    Trouble(Trouble),
}

/// What the parts of the dialog share.
#[derive(Clone, Copy)]
struct Camera {
    stage: RwSignal<Stage>,
    footage: RwSignal<Option<Footage>, LocalStorage>,
    devices: RwSignal<Vec<Device>>,
    mirrored: RwSignal<bool>,
    taken: RwSignal<u32>,
    video: NodeRef<html::Video>,
    /// Counts the attempts to start, so that a camera that answers too late is let go of.
    attempt: StoredValue<u32>,
    busy: StoredValue<bool>,
    on_shot: Callback<web_sys::File>,
}

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

/// A dialog over the page while `open`. `on_shot` hears each picture, a JPEG file. The camera is let go of when it closes.
#[component]
pub fn CameraDialog(
    open: RwSignal<bool>,
    #[prop(into)] on_shot: Callback<web_sys::File>,
    /// What stands between the picture and the shutter: where the pictures go.
    #[prop(optional)]
    children: Option<ChildrenFn>,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open name=i18n::camera() class="camera" testid=testid::CAMERA_DIALOG>
            <Inside open=open on_shot=on_shot children=children />
        </Dialog>
    }
}

#[component]
fn Inside(
    open: RwSignal<bool>,
    on_shot: Callback<web_sys::File>,
    children: StoredValue<Option<ChildrenFn>>,
) -> impl IntoView {
    let camera = Camera::new(on_shot);
    camera.start(None);
    view! {
        <div class="row">
            <h2 class="grow">{i18n::camera()}</h2>
            <button
                type="button"
                class="btn quiet icon-only"
                aria-label=i18n::close()
                on:click=move |_| open.set(false)
            >
                <Cross />
            </button>
        </div>
        <Finder camera=camera />
        {children.with_value(|children| children.as_ref().map(|children| children()))}
        <Shutter camera=camera />
    }
}

impl Camera {
    fn new(on_shot: Callback<web_sys::File>) -> Self {
        let camera = Self {
            stage: RwSignal::new(Stage::Starting),
            footage: RwSignal::new_local(None),
            devices: RwSignal::default(),
            mirrored: RwSignal::new(true),
            taken: RwSignal::new(0),
            video: NodeRef::new(),
            attempt: StoredValue::new(0),
            busy: StoredValue::new(false),
            on_shot,
        };
        device::on_change(move || camera.look_for_devices());
        camera
    }

    /// Starts this camera, or the one that the browser thinks best.
    fn start(self, device: Option<String>) {
        self.attempt.update_value(|attempt| *attempt += 1);
        let attempt = self.attempt.get_value();
        self.footage.set(None);
        self.stage.set(Stage::Starting);
        spawn_local(async move {
            let found = device::open(device.as_deref()).await;
            // Dropping footage that nobody waits for any more stops the camera.
            if self.attempt.try_get_value() != Some(attempt) {
                return;
            }
            match found {
                Ok(mut footage) => {
                    self.mirrored.set(!footage.looks_away());
                    footage.on_end(move || {
                        self.stage.try_set(Stage::Trouble(Trouble::Unplugged));
                    });
                    self.footage.set(Some(footage));
                    self.stage.set(Stage::Live);
                    self.look_for_devices();
                }
                Err(trouble) => self.stage.set(Stage::Trouble(trouble)),
            }
        });
    }

    /// Lists the cameras. Browsers tell their names only once one may be used.
    fn look_for_devices(self) {
        spawn_local(async move {
            let found = device::list().await;
            self.devices.try_set(found);
        });
    }

    /// Takes a picture, unless one is being taken.
    fn shoot(self) {
        if self.busy.try_get_value() != Some(false) || self.stage.get_untracked() != Stage::Live {
            return;
        }
        let Some(video) = self.video.get_untracked() else { return };
        self.busy.set_value(true);
        let mirrored = self.mirrored.get_untracked();
        spawn_local(async move {
            let picture = shot::take(&video, mirrored).await;
            if self.busy.is_disposed() {
                return;
            }
            self.busy.set_value(false);
            if let Some(picture) = picture {
                self.taken.update(|taken| *taken += 1);
                self.on_shot.run(picture);
            }
        });
    }

    fn is_live(self) -> bool {
        self.stage.with(|stage| *stage == Stage::Live)
    }
}

/// Whether a key pressed here means the shutter: not where it already means something else.
fn means_shutter(event: &ev::KeyboardEvent) -> bool {
    matches!(event.key().as_str(), " " | "Enter") && !dom::has_keys_of_its_own(event)
}
