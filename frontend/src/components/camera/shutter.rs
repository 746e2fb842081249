//! The shutter: a press takes one picture, holding it takes a burst. Space and Enter do the same.

use super::{Camera, means_shutter};
use crate::{components::testid, dom, i18n};
use leptos::{ev, leptos_dom::helpers::IntervalHandle, prelude::*};
use std::time::Duration;

/// Five pictures a second: fast enough to turn the thing in between, slow enough that pictures differ.
const BETWEEN_SHOTS: Duration = Duration::from_millis(200);
/// Ticks of a burst that pass without a picture, so that a slow press stays one picture.
const TICKS_BEFORE_BURST: u32 = 1;

#[component]
pub fn Shutter(camera: Camera) -> impl IntoView {
    let burst = StoredValue::new(None::<IntervalHandle>);
    let held = RwSignal::new(false);
    let release = move || {
        if let Some(interval) = burst.try_update_value(Option::take).flatten() {
            interval.clear();
        }
        held.try_set(false);
    };
    let press = move || {
        release();
        held.set(true);
        camera.shoot();
        let ticks = StoredValue::new(0);
        let tick = move || match ticks.try_update_value(|ticks| std::mem::replace(ticks, *ticks + 1)) {
            Some(count) if count >= TICKS_BEFORE_BURST => camera.shoot(),
            _ => {}
        };
        burst.set_value(set_interval_with_handle(tick, BETWEEN_SHOTS).ok());
    };
    on_cleanup(release);
    // Letting go counts wherever it happens.
    dom::on_window(ev::pointerup, move |_| release());
    dom::on_window(ev::pointercancel, move |_| release());
    dom::on_window(ev::blur, move |_| release());
    dom::on_window(ev::keydown, move |event| {
        if means_shutter(&event) {
            event.prevent_default();
            if !event.repeat() {
                press();
            }
        }
    });
    dom::on_window(ev::keyup, move |event| {
        if means_shutter(&event) {
            // The browser would make a click of it.
            event.prevent_default();
            release();
        }
    });
    let on_pointerdown = move |event: ev::PointerEvent| {
        if event.button() == 0 {
            press();
        }
    };
    // A click without a press comes from assistive technology.
    let on_click = move |event: ev::MouseEvent| {
        if event.detail() == 0 {
            camera.shoot();
        }
    };
    view! {
        <div class="shutter">
            <p class="num" role="status" data-testid=testid::CAMERA_COUNT>
                {move || i18n::pictures_taken(camera.taken.get())}
            </p>
            <button
                type="button"
                class="btn go shoot"
                autofocus
                data-shutter
                data-testid=testid::CAMERA_SHOOT
                class:held=move || held.get()
                aria-disabled=move || (!camera.is_live()).to_string()
                on:pointerdown=on_pointerdown
                on:click=on_click
                on:contextmenu=move |event| event.prevent_default()
            >
                {i18n::take_picture()}
            </button>
            <p class="muted small">{i18n::shutter_help()}</p>
        </div>
    }
}
