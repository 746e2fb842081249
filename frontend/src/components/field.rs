//! What stands below a field: what is wrong with it, and the rules that it follows.

use leptos::prelude::*;

/// Why what was typed can't be taken.
#[component]
pub fn FieldError(#[prop(into)] text: Signal<Option<String>>) -> impl IntoView {
    move || {
        text.get().map(|text| {
            view! {
                <p class="field-error" role="alert">
                    {text}
                </p>
            }
        })
    }
}

/// A rule that is ticked off as one types.
#[component]
pub fn Rule(#[prop(into)] text: Signal<String>, #[prop(into)] met: Signal<bool>) -> impl IntoView {
    view! {
        <p class="rule small" class:met=met>
            {text}
        </p>
    }
}
