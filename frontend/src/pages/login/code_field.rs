//! The field for the code that signing up may take.

use crate::{
    components::{field::FieldError, testid},
    i18n,
};
use leptos::{html, prelude::*};

#[component]
pub fn CodeField(
    value: RwSignal<String>,
    /// Whom to ask for it.
    contact: Signal<Option<String>>,
    #[prop(into)] error: Signal<Option<String>>,
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="code">{i18n::sign_up_code()}</label>
            <input
                node_ref=node_ref
                id="code"
                name="code"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="code-help"
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=testid::LOGIN_CODE
                bind:value=value
            />
            <div id="code-help">
                <FieldError text=error />
                <p class="muted small">{move || i18n::ask_for_code(contact.get().as_deref())}</p>
            </div>
        </div>
    }
}
