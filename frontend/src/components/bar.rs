//! A bar that is filled in part.

use leptos::prelude::*;

/// Filled by `share`, 0 to 1; in `color` (CSS), or the accent. Decoration: the number stands beside it in words.
#[component]
pub fn Bar(#[prop(into)] share: Signal<f64>, #[prop(into, optional)] color: Option<String>) -> impl IntoView {
    let width = move || format!("{:.2}%", share.get().clamp(0.0, 1.0) * 100.0);
    view! {
        <span class="bar" aria-hidden="true" style=("--c", color)>
            <i style:width=width></i>
        </span>
    }
}

/// A bar that stands for work under way, known to screen readers as `name`.
#[component]
pub fn ProgressBar(#[prop(into)] share: Signal<f64>, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let percent = move || (share.get().clamp(0.0, 1.0) * 100.0).round();
    view! {
        <span
            class="bar"
            role="progressbar"
            aria-label=name
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent().to_string()
        >
            <i style:width=move || format!("{}%", percent())></i>
        </span>
    }
}
