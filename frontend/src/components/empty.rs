//! What stands where a list is empty: why, and what to do.

use leptos::prelude::*;

#[component]
pub fn Empty(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{title}</h2>
            <p class="muted">{text}</p>
            {children.map(|children| view! { <div class="row center">{children()}</div> })}
        </div>
    }
}
