//! A button that opens a small panel.

use crate::components::show::Show;
use crate::dom;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

/// The panel closes by Escape, by a press outside, and by setting `open`.
#[component]
pub fn Menu(
    open: RwSignal<bool>,
    /// The name of the button, where its content does not say it.
    #[prop(into, optional)]
    name: Option<String>,
    /// What the button shows.
    button: AnyView,
    #[prop(optional)] testid: Option<&'static str>,
    children: ChildrenFn,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    dom::on_window(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if open.get_untracked() && root.get_untracked().is_some_and(|root| !root.contains(target.as_ref())) {
            open.set(false);
        }
    });
    let on_keydown = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && open.get_untracked() {
            open.set(false);
            event.stop_propagation();
        }
    };
    view! {
        <div class="menu" node_ref=root on:keydown=on_keydown>
            <button
                type="button"
                class="btn quiet"
                aria-label=name.clone()
                title=name
                data-testid=testid
                aria-haspopup="true"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {button}
            </button>
            <Show when=move || open.get()>
                <div class="card panel">{children()}</div>
            </Show>
        </div>
    }
}
