//! Changing one's password.

use crate::{
    api::{self, ApiError},
    components::{
        field::FieldError,
        password_field::{self, PasswordField},
        testid,
        toast::Toasts,
    },
    i18n,
    session::Session,
};
use dto::{ErrorCode, auth::PasswordChange};
use leptos::{ev, html, prelude::*, task::spawn_local};

/// What is wrong with the fields, and with the two together.
#[derive(Clone, Default)]
struct Errors {
    current: Option<String>,
    new: Option<String>,
    general: Option<String>,
}

#[component]
pub fn ChangePassword() -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (current_input, new_input) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Errors::default());
    let show = move |found: Errors| {
        let first = if found.new.is_some() { new_input } else { current_input };
        errors.set(found);
        if let Some(input) = first.get_untracked() {
            let _ = input.focus();
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let change = PasswordChange { current_password: current.get_untracked(), new_password: new.get_untracked() };
        if let Some(found) = check(&change) {
            show(found);
            return;
        }
        busy.set(true);
        errors.set(Errors::default());
        spawn_local(async move {
            let answer = api::account::change_password(&change).await;
            if busy.is_disposed() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(()) => {
                    current.set(String::new());
                    new.set(String::new());
                    toasts.info(i18n::password_changed());
                }
                Err(error) => show(told(&error)),
            }
        });
    };
    view! {
        <form class="card settings" aria-labelledby="password-title" novalidate on:submit=submit>
            <h2 id="password-title">{i18n::change_password()}</h2>
            <p class="muted">{i18n::change_password_help()}</p>
            // Password managers want to know whose password this is.
            <input
                type="text"
                class="visually-hidden"
                autocomplete="username"
                tabindex="-1"
                aria-hidden="true"
                readonly
                prop:value=move || session.user().map(|user| user.username)
            />
            <PasswordField
                id="current-password"
                label=i18n::current_password()
                value=current
                is_new=false
                error=Signal::derive(move || errors.get().current)
                testid=testid::PASSWORD_CURRENT
                node_ref=current_input
            />
            <PasswordField
                id="new-password"
                label=i18n::new_password()
                value=new
                is_new=true
                error=Signal::derive(move || errors.get().new)
                testid=testid::PASSWORD_NEW
                node_ref=new_input
            />
            <FieldError text=Signal::derive(move || errors.get().general) />
            <div class="row end">
                <button type="submit" class="btn go" disabled=move || busy.get() data-testid=testid::PASSWORD_SUBMIT>
                    {i18n::change_password()}
                </button>
            </div>
        </form>
    }
}

/// What need not be sent to be known wrong.
fn check(change: &PasswordChange) -> Option<Errors> {
    let current = change.current_password.is_empty().then(|| i18n::type_password().to_owned());
    let new = (!password_field::is_fit(&change.new_password)).then(i18n::password_unfit);
    (current.is_some() || new.is_some()).then_some(Errors { current, new, general: None })
}

/// What the server says, at the field that it means.
fn told(error: &ApiError) -> Errors {
    let text = Some(error.to_string());
    match (error.code(), error.field()) {
        (Some(ErrorCode::WrongPassword), _) => Errors { current: text, ..Default::default() },
        (_, Some("new_password")) => Errors { new: text, ..Default::default() },
        _ => Errors { general: text, ..Default::default() },
    }
}
