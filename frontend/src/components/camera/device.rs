//! The browser's cameras.

use super::trouble::Trouble;
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack,
    MediaTrackConstraints,
};

/// What is asked for; the camera gives what comes nearest. Far more than training looks at, and quickly encoded.
const WIDTH: u32 = 1280;
const HEIGHT: u32 = 960;

/// A camera to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    pub id: String,
    /// Empty until the person has allowed a camera.
    pub name: String,
}

/// What a camera shows; dropping it lets go of the camera.
pub struct Footage {
    pub stream: MediaStream,
    ended: Option<Closure<dyn FnMut()>>,
}

/// Opens this camera, or the one that the browser thinks best; a phone's is the one that looks away from the person.
pub async fn open(id: Option<&str>) -> Result<Footage, Trouble> {
    let devices = media_devices().ok_or(Trouble::Insecure)?;
    let wish = MediaTrackConstraints::new();
    wish.set_width(&WIDTH.into());
    wish.set_height(&HEIGHT.into());
    match id {
        Some(id) => wish.set_device_id(&id.into()),
        None => wish.set_facing_mode(&"environment".into()),
    }
    let constraints = MediaStreamConstraints::new();
    constraints.set_video(&wish);
    let promise = devices.get_user_media_with_constraints(&constraints).map_err(|error| Trouble::from_js(&error))?;
    let stream = JsFuture::from(promise).await.map_err(|error| Trouble::from_js(&error))?;
    Ok(Footage { stream: stream.unchecked_into(), ended: None })
}

/// The cameras that there are.
pub async fn list() -> Vec<Device> {
    let Some(promise) = media_devices().and_then(|devices| devices.enumerate_devices().ok()) else { return Vec::new() };
    let devices = JsFuture::from(promise).await.unwrap_or_else(|_| Array::new().into());
    let devices = Array::from(&devices).iter().map(JsCast::unchecked_into::<MediaDeviceInfo>).collect::<Vec<_>>();
    let cameras = devices.iter().filter(|device| device.kind() == MediaDeviceKind::Videoinput);
    cameras.map(|device| Device { id: device.device_id(), name: device.label() }).collect()
}

/// Calls `callback` when a camera comes or goes, for as long as the owner lives.
pub fn on_change(callback: impl FnMut() + 'static) {
    let Some(devices) = media_devices() else { return };
    let callback = Closure::<dyn FnMut()>::new(callback);
    devices.set_ondevicechange(Some(callback.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local(Some((devices, callback)));
    on_cleanup(move || {
        if let Some((devices, callback)) = kept.try_update_value(Option::take).flatten() {
            devices.set_ondevicechange(None);
            drop(callback);
        }
    });
}

/// `None` where the browser lends no camera to this page.
fn media_devices() -> Option<MediaDevices> {
    let devices = web_sys::window()?.navigator().media_devices().ok()?;
    devices.is_object().then_some(devices)
}

impl Footage {
    /// The identifier of the camera that it comes from.
    pub fn device_id(&self) -> Option<String> {
        self.track()?.get_settings().get_device_id()
    }

    /// Whether the camera is known to look away from the person, as a phone's main one does.
    pub fn looks_away(&self) -> bool {
        self.track().and_then(|track| track.get_settings().get_facing_mode()).as_deref() == Some("environment")
    }

    /// Calls `callback` when the camera goes by itself.
    pub fn on_end(&mut self, callback: impl FnMut() + 'static) {
        let callback = Closure::<dyn FnMut()>::new(callback);
        if let Some(track) = self.track() {
            track.set_onended(Some(callback.as_ref().unchecked_ref()));
        }
        self.ended = Some(callback);
    }

    fn track(&self) -> Option<MediaStreamTrack> {
        self.stream.get_video_tracks().get(0).dyn_into().ok()
    }
}

impl Drop for Footage {
    fn drop(&mut self) {
        for track in self.stream.get_tracks().iter() {
            let track: MediaStreamTrack = track.unchecked_into();
            track.set_onended(None);
            track.stop();
        }
    }
}
