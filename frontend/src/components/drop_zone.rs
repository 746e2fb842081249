//! Where pictures come in: dropped or pasted anywhere on the page, or picked.

use super::testid;
use crate::{
    dom,
    files::{self, Picked},
    i18n,
};
use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::{DragEvent, HtmlInputElement};

/// `on_files` hears of every heap of files. Dropping and pasting work everywhere on the page.
#[component]
pub fn DropZone(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] on_files: Callback<Vec<Picked>>,
    /// Whether it is all there is on the page.
    #[prop(into)]
    large: Signal<bool>,
    /// Of the input for files.
    testid: &'static str,
    /// Further buttons beside those that choose files.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    dom::on_window(ev::dragover, move |event| {
        if carries_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    });
    dom::on_window(ev::dragleave, move |event| {
        // Leaving one element for another is no leaving.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    dom::on_window(ev::drop, move |event| {
        over.set(false);
        if let Some(data) = event.data_transfer().filter(|_| carries_files(&event)) {
            event.prevent_default();
            let files = files::from_drop(&data);
            spawn_local(async move {
                let files = files.await;
                if !files.is_empty() && !over.is_disposed() {
                    on_files.run(files);
                }
            });
        }
    });
    dom::on_window(ev::paste, move |event| {
        let files = event.clipboard_data().and_then(|data| data.files());
        let files = files.map(|files| files::from_input(&files)).unwrap_or_default();
        if !files.is_empty() {
            event.prevent_default();
            on_files.run(files);
        }
    });
    let on_pick = move |event: ev::Targeted<ev::Event, HtmlInputElement>| {
        let input = event.target();
        let picked = input.files().map(|files| files::from_input(&files)).unwrap_or_default();
        // So that picking the same files again is a change too.
        input.set_value("");
        if !picked.is_empty() {
            on_files.run(picked);
        }
    };
    view! {
        <div class="drop" class:over=move || over.get() class:large=move || large.get()>
            <div class="grow">
                <b>{title}</b>
                <div class="muted small">{text}</div>
            </div>
            <div class="row">
            <label class="btn">
                {i18n::choose_files()}
                <input
                    type="file"
                    class="visually-hidden"
                    multiple
                    accept=files::ACCEPT
                    data-testid=testid
                    on:change:target=on_pick
                />
            </label>
            <label class="btn folder">
                {i18n::choose_folder()}
                <input
                    type="file"
                    class="visually-hidden"
                    prop:webkitdirectory=true
                    data-testid=testid::FOLDER_INPUT
                    on:change:target=on_pick
                />
            </label>
            {children.map(|children| children())}
            </div>
        </div>
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
}
