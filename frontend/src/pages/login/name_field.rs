//! The field for the user name, with its rules for a new one.

use crate::components::show::Show;
use crate::{
    components::{
        field::{FieldError, Rule},
        testid,
    },
    i18n,
};
use dto::limits::{USERNAME_CHARS, USERNAME_SIGNS};
use leptos::{html, prelude::*};

/// Whether a name may be one; the server has the same rules.
pub fn is_fit(name: &str) -> bool {
    has_fit_length(name) && has_fit_characters(name)
}

fn has_fit_length(name: &str) -> bool {
    USERNAME_CHARS.contains(&name.trim().chars().count())
}

fn has_fit_characters(name: &str) -> bool {
    !name.trim().is_empty() && name.trim().chars().all(|c| c.is_alphanumeric() || USERNAME_SIGNS.contains(c))
}

#[component]
pub fn UsernameField(
    value: RwSignal<String>,
    /// Whether it is a new one, which follows the rules.
    #[prop(into)]
    is_new: Signal<bool>,
    #[prop(into)] error: Signal<Option<String>>,
    node_ref: NodeRef<html::Input>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for="username">{i18n::username()}</label>
            <input
                node_ref=node_ref
                id="username"
                name="username"
                autocomplete="username"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="username-help"
                aria-invalid=move || error.get().is_some().to_string()
                data-testid=testid::LOGIN_USERNAME
                bind:value=value
            />
            <div id="username-help">
                <FieldError text=error />
                <Show when=move || is_new.get()>
                    <Rule
                        text=i18n::username_length_rule()
                        met=Signal::derive(move || value.with(|name| has_fit_length(name)))
                    />
                    <Rule
                        text=i18n::username_signs_rule()
                        met=Signal::derive(move || value.with(|name| has_fit_characters(name)))
                    />
                </Show>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules() {
        assert!(is_fit(" ann ") && is_fit("김민준") && is_fit("a+b@c.de"));
        assert!(!is_fit("ab") && !is_fit("two words") && !is_fit(&"x".repeat(65)) && !is_fit("   "));
    }
}
