//! The browser's observers and listeners, each undone when its owner goes.

use futures::channel::oneshot;
use leptos::{ev, prelude::*};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, BlobPropertyBag, Element, Event, HtmlAnchorElement, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit, ResizeObserver, Url,
};

const CLOCK_STEP: Duration = Duration::from_secs(20);
/// While the server works on what is asked for.
const BEFORE_LOOKING_AGAIN: Duration = Duration::from_secs(2);

/// Listens to an event of the window for as long as the owner lives.
pub fn on_window<E: ev::EventDescriptor + 'static>(event: E, listener: impl Fn(E::EventType) + 'static)
where
    E::EventType: JsCast,
{
    let handle = window_event_listener(event, listener);
    on_cleanup(move || handle.remove());
}

/// Listens like [`on_window`], but before anything else on the page hears of the event.
pub fn on_window_first(event: &'static str, listener: impl FnMut(&Event) + 'static) {
    let mut listener = listener;
    let callback = Closure::<dyn FnMut(Event)>::new(move |event: Event| listener(&event));
    let function: js_sys::Function = callback.as_ref().unchecked_ref::<js_sys::Function>().clone();
    if window().add_event_listener_with_callback_and_bool(event, &function, true).is_ok() {
        disconnect_on_cleanup(callback, move || {
            let _ = window().remove_event_listener_with_callback_and_bool(event, &function, true);
        });
    }
}

/// Waits.
pub async fn sleep(duration: Duration) {
    let (sender, woken) = oneshot::channel();
    set_timeout(
        move || {
            let _ = sender.send(());
        },
        duration,
    );
    let _ = woken.await;
}

/// Calls `look` again a while after `is_unfinished` was found true; it is asked whenever what it tracks changes.
pub fn look_again_while(is_unfinished: impl Fn() -> bool + 'static, look: impl Fn() + Copy + 'static) {
    Effect::new(move || {
        if is_unfinished() {
            let waiting = set_timeout_with_handle(look, BEFORE_LOOKING_AGAIN);
            on_cleanup(move || waiting.into_iter().for_each(|waiting| waiting.clear()));
        }
    });
}

/// Calls `on_resize` whenever the element's size changes, and once at first.
pub fn observe_size(element: &Element, on_resize: impl Fn() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(on_resize);
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        disconnect_on_cleanup(callback, move || observer.disconnect());
    }
}

/// Calls `on_near` whenever the element comes within `margin` pixels of what can be seen.
pub fn observe_nearness(element: &Element, margin: u32, on_near: impl Fn() + 'static) {
    let callback =
        Closure::<dyn FnMut(Vec<IntersectionObserverEntry>)>::new(move |entries: Vec<IntersectionObserverEntry>| {
            if entries.iter().any(IntersectionObserverEntry::is_intersecting) {
                on_near();
            }
        });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(&format!("{margin}px"));
    if let Ok(observer) = IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options) {
        observer.observe(element);
        disconnect_on_cleanup(callback, move || observer.disconnect());
    }
}

/// Keeps a callback until the owner goes: the browser may call it until then.
fn disconnect_on_cleanup<C: 'static>(callback: C, disconnect: impl FnOnce() + 'static) {
    let kept = StoredValue::new_local(Some((callback, Box::new(disconnect) as Box<dyn FnOnce()>)));
    on_cleanup(move || {
        if let Some((callback, disconnect)) = kept.try_update_value(Option::take).flatten() {
            disconnect();
            drop(callback);
        }
    });
}

/// Sets the document's title, and again when it changes.
pub fn title(title: impl Fn() -> String + 'static) {
    Effect::new(move || document().set_title(&title()));
}

/// Has the browser save `text` as a file.
pub fn download(file_name: &str, media_type: &str, text: &str) {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    if let Some(link) = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&url);
        link.set_download(file_name);
        link.click();
    }
    // The browser has begun to read by then.
    set_timeout(move || drop(Url::revoke_object_url(&url)), CLOCK_STEP);
}

/// An address for bytes, given back when nobody shows it any more.
pub struct ObjectUrl(pub String);

impl ObjectUrl {
    pub fn new(blob: &Blob) -> Self {
        // A browser without object URLs shows no picture, but does everything else.
        Self(Url::create_object_url_with_blob(blob).unwrap_or_default())
    }

    /// Of a PNG's bytes.
    pub fn of_png(bytes: &[u8]) -> Self {
        let options = BlobPropertyBag::new();
        options.set_type("image/png");
        let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
        Blob::new_with_u8_array_sequence_and_options(&parts, &options)
            .map_or(Self(String::new()), |blob| Self::new(&blob))
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// Copies a text, and says whether that worked.
pub async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Over plain HTTP, from another machine, a browser has none.
    !clipboard.is_undefined() && wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Whether the event comes from something that takes typed characters itself.
pub fn is_typing(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| {
        let takes_text = "textarea, select, [contenteditable], input:not([type=checkbox]):not([type=file])";
        target.closest(takes_text).is_ok_and(|found| found.is_some())
    })
}

/// Whether Space and Enter already mean something where the event comes from.
pub fn has_keys_of_its_own(event: &ev::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let controls = "a, button:not([data-shutter]), input, select, textarea, summary";
    target.is_some_and(|target| target.closest(controls).is_ok_and(|found| found.is_some()))
}

/// The time in milliseconds since 1970, renewed often enough for "5 minutes ago".
pub fn clock() -> Signal<f64> {
    let now = RwSignal::new(js_sys::Date::now());
    if let Ok(interval) = set_interval_with_handle(move || now.set(js_sys::Date::now()), CLOCK_STEP) {
        on_cleanup(move || interval.clear());
    }
    now.into()
}
