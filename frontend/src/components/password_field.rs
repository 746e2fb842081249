//! A field for a password, which can be looked at.

use super::field::{FieldError, Rule};
use crate::components::show::Show;
use crate::i18n;
use dto::limits::PASSWORD_CHARS;
use leptos::{html, prelude::*};

/// Whether a password may be one; the server has the same rule.
pub fn is_fit(password: &str) -> bool {
    PASSWORD_CHARS.contains(&password.chars().count())
}

#[component]
pub fn PasswordField(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    /// Whether it is a new one, which follows the rule, and not one that is known already.
    #[prop(into)]
    is_new: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
    testid: &'static str,
    #[prop(optional)] node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let help = format!("{id}-help");
    let length = move || value.with(|password| password.chars().count());
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <div class="with-button">
                <input
                    node_ref=node_ref
                    id=id
                    name=id
                    type=move || if shown.get() { "text" } else { "password" }
                    autocomplete=move || if is_new.get() { "new-password" } else { "current-password" }
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=help.clone()
                    aria-invalid=move || error.get().is_some().to_string()
                    data-testid=testid
                    bind:value=value
                />
                <button
                    type="button"
                    class="btn quiet small"
                    aria-pressed=move || shown.get().to_string()
                    aria-label=i18n::show_password()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    {move || if shown.get() { i18n::hide() } else { i18n::show() }}
                </button>
            </div>
            <div id=help>
                <FieldError text=error />
                <Show when=move || is_new.get()>
                    <Rule
                        text=Signal::derive(move || i18n::password_rule(length()))
                        met=Signal::derive(move || value.with(|password| is_fit(password)))
                    />
                </Show>
            </div>
        </div>
    }
}
