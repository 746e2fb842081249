//! Changing one's password.

use crate::{
    api::{self, ApiError},
    components::{
        field::FieldError,
        form::Form,
        password_field::{self, PasswordField},
        testid,
        toast::Toasts,
    },
    i18n,
    session::Session,
};
use dto::{ErrorCode, auth::PasswordChange};
use leptos::{ev, prelude::*, task::spawn_local};

const CURRENT: usize = 0;
const NEW: usize = 1;

#[component]
pub fn ChangePassword(#[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let end_tokens = RwSignal::new(false);
    let form = Form::<2>::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let change = PasswordChange {
            current_password: current.get_untracked(),
            new_password: new.get_untracked(),
            end_access_tokens: end_tokens.get_untracked(),
        };
        if !form.begin(|| check(&change)) {
            return;
        }
        spawn_local(async move {
            let answer = api::account::change_password(&change).await;
            if !form.end() {
                return;
            }
            match answer {
                Ok(()) => {
                    current.set(String::new());
                    new.set(String::new());
                    end_tokens.set(false);
                    toasts.info(i18n::password_changed());
                    on_changed.run(());
                }
                Err(error) => form.refuse(&error, field_of(&error)),
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
                error=form.error(CURRENT)
                testid=testid::PASSWORD_CURRENT
                node_ref=form.inputs[CURRENT]
            />
            <PasswordField
                id="new-password"
                label=i18n::new_password()
                value=new
                is_new=true
                error=form.error(NEW)
                testid=testid::PASSWORD_NEW
                node_ref=form.inputs[NEW]
            />
            <label class="choice wide">
                <input type="checkbox" data-testid=testid::PASSWORD_END_TOKENS bind:checked=end_tokens />
                <span>
                    <b>{i18n::revoke_tokens_too()}</b>
                    <span class="muted small">{i18n::revoke_tokens_too_help()}</span>
                </span>
            </label>
            <FieldError text=form.general_error() />
            <div class="row end">
                <button type="submit" class="btn go" disabled=move || form.is_busy() data-testid=testid::PASSWORD_SUBMIT>
                    {i18n::change_password()}
                </button>
            </div>
        </form>
    }
}

/// What need not be sent to be known wrong.
fn check(change: &PasswordChange) -> [Option<String>; 2] {
    [
        change.current_password.is_empty().then(|| i18n::type_password().to_owned()),
        (!password_field::is_fit(&change.new_password)).then(i18n::password_unfit),
    ]
}

/// The field that the server means.
fn field_of(error: &ApiError) -> Option<usize> {
    match (error.code(), error.field()) {
        (Some(ErrorCode::WrongPassword), _) => Some(CURRENT),
        (_, Some("new_password")) => Some(NEW),
        _ => None,
    }
}
