//! Pupil's web page: people upload pictures, label them, press Train, mend mistakes and predict, against the REST API.

mod api;
mod app;
mod color;
mod components;
mod dom;
mod files;
mod format;
mod i18n;
mod last_project;
mod pages;
mod readiness;
mod session;
mod state;
mod storage;

use leptos::prelude::*;

fn main() {
    console_error_panic_hook::set_once();
    // What stands in the document until the page itself can.
    if let Some(splash) = document().get_element_by_id("splash") {
        splash.remove();
    }
    mount_to_body(app::App);
}
