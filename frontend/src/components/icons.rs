//! Small drawings, in the colour of the text around them. All are decoration: a name stands beside each.

use leptos::prelude::*;

/// The eye, and the student.
#[component]
pub fn Eye() -> impl IntoView {
    view! {
        <svg class="eye" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
            <path d="M2 14c4-7 8-9.5 12-9.5S22 7 26 14c-4 7-8 9.5-12 9.5S6 21 2 14Z" />
            <circle cx="14" cy="14" r="5.5" fill="currentColor" stroke="none" />
            <circle cx="16" cy="12" r="1.7" fill="var(--surface)" stroke="none" />
        </svg>
    }
}

/// A drawing of lines on a 20 by 20 field.
#[component]
fn Lines(path: &'static str) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 20 20"
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=path />
        </svg>
    }
}

#[component]
pub fn Chevron() -> impl IntoView {
    view! { <Lines path="M6 8l4 4 4-4" /> }
}

#[component]
pub fn Cross() -> impl IntoView {
    view! { <Lines path="M5.5 5.5l9 9M14.5 5.5l-9 9" /> }
}

#[component]
pub fn Check() -> impl IntoView {
    view! { <Lines path="M4.5 10.5l3.5 3.5 7.5-8" /> }
}

#[component]
pub fn Bin() -> impl IntoView {
    view! { <Lines path="M4 5.5h12M8 5.5V3.8h4v1.7M5.5 5.5l.8 10.7h7.4l.8-10.7M8.5 8.5v5M11.5 8.5v5" /> }
}

#[component]
pub fn Plus() -> impl IntoView {
    view! { <Lines path="M10 4.5v11M4.5 10h11" /> }
}

#[component]
pub fn Person() -> impl IntoView {
    view! { <Lines path="M10 9.5a3 3 0 100-6 3 3 0 000 6zM4 16.5c.6-3 3-4.6 6-4.6s5.4 1.6 6 4.6" /> }
}

#[component]
pub fn Pencil() -> impl IntoView {
    view! { <Lines path="M4 16l.8-3.4L13.2 4.2l2.6 2.6-8.4 8.4L4 16zM11.5 6l2.5 2.5" /> }
}

#[component]
pub fn Pictures() -> impl IntoView {
    view! { <Lines path="M3 4.5h14v11H3zM3 13l4-4 4 4 2.5-2.5L17 13.5M13 7.7v.1" /> }
}

#[component]
pub fn CameraBody() -> impl IntoView {
    view! { <Lines path="M3 6.5h3l1.5-2h5l1.5 2h3v9H3zM10 8a2.7 2.7 0 1 0 0 5.4a2.7 2.7 0 1 0 0-5.4" /> }
}

#[component]
pub fn Expand() -> impl IntoView {
    view! { <Lines path="M11.5 4H16v4.5M16 4l-5 5M8.5 16H4v-4.5M4 16l5-5" /> }
}

#[component]
pub fn Dots() -> impl IntoView {
    view! { <Lines path="M5 10v.1M10 10v.1M15 10v.1" /> }
}

#[component]
pub fn Back() -> impl IntoView {
    view! { <Lines path="M12 5l-5 5 5 5" /> }
}

#[component]
pub fn Forth() -> impl IntoView {
    view! { <Lines path="M8 5l5 5-5 5" /> }
}
