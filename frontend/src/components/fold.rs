//! A card that is folded to its title until somebody wants to know more.

use crate::components::show::Show;
use leptos::{html, prelude::*};

/// `children` are made when it opens. `line` says in a few words what is inside.
#[component]
pub fn Fold(
    title: &'static str,
    #[prop(into)] line: Signal<String>,
    testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let details = NodeRef::<html::Details>::new();
    let on_toggle = move |_| {
        if let Some(details) = details.get_untracked() {
            open.set(details.open());
        }
    };
    view! {
        <details node_ref=details class="card all fold" data-testid=testid on:toggle=on_toggle>
            <summary>
                <b>{title}</b>
                <span class="muted small num">{line}</span>
            </summary>
            <Show when=move || open.get()>
                <div class="inside">{children()}</div>
            </Show>
        </details>
    }
}
