//! A name that is changed by typing in place: Enter or leaving saves, Escape restores.

use leptos::{ev, html, prelude::*};

/// Shows `value`; `on_change` hears a new, non-empty name. When the server refuses it, the owner sets `error`, which is
/// told to screen readers too; Escape takes it back.
#[component]
pub fn NameField(
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(into)] label: Signal<String>,
    error: RwSignal<Option<String>>,
    /// Hears that the field was left. A field that is there for a moment only takes the focus at once.
    #[prop(into, optional)]
    on_leave: Option<Callback<()>>,
    #[prop(optional)] testid: Option<&'static str>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    if on_leave.is_some() {
        Effect::new(move || {
            if let Some(input) = input.get() {
                let _ = input.focus();
                input.select();
            }
        });
    }
    let restore = move || {
        error.set(None);
        if let Some(input) = input.get_untracked() {
            input.set_value(&value.get_untracked());
        }
    };
    let save = move || {
        let Some(input) = input.get_untracked() else { return };
        let name = input.value().trim().to_owned();
        if name.is_empty() {
            restore();
        } else if name != value.get_untracked() {
            on_change.run(name);
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| match event.key().as_str() {
        // The Enter that ends a Korean or Japanese composition is not meant for us.
        "Enter" if !event.is_composing() => {
            event.prevent_default();
            if let Some(input) = input.get_untracked() {
                // Leaving the field saves.
                let _ = input.blur();
            }
        }
        "Escape" => {
            restore();
            if let Some(input) = input.get_untracked() {
                let _ = input.blur();
            }
        }
        _ => {}
    };
    view! {
        <input
            node_ref=input
            class="name-field"
            prop:value=value
            maxlength=dto::limits::NAME_CHARS.end().to_string()
            autocomplete="off"
            spellcheck="false"
            aria-label=label
            aria-invalid=move || error.get().is_some().to_string()
            data-testid=testid
            on:keydown=on_keydown
            on:blur=move |_| {
                save();
                if let Some(on_leave) = on_leave {
                    on_leave.run(());
                }
            }
        />
        {move || error.get().map(|error| view! { <p class="field-error" role="alert">{error}</p> })}
    }
}
