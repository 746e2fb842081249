//! Logging in again over the page, so that nothing on it is lost.

use super::{dialog::Dialog, testid};
use crate::{
    api::{self, ApiError},
    i18n,
    session::Session,
};
use dto::auth::{Credentials, User};
use leptos::{ev, prelude::*, task::spawn_local};

#[component]
pub fn Relogin() -> impl IntoView {
    let session = Session::get();
    let open = RwSignal::new(false);
    Effect::new(move || open.set(session.has_expired()));
    let user = Memo::new(move |_| session.user());
    view! {
        <Dialog open=open name=i18n::log_in_again() testid=testid::RELOGIN>
            {move || user.get().map(|user| view! { <PasswordForm user=user /> })}
        </Dialog>
    }
}

#[component]
fn PasswordForm(user: User) -> impl IntoView {
    let session = Session::get();
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let username = StoredValue::new(user.username.clone());
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || password.with_untracked(String::is_empty) {
            return;
        }
        busy.set(true);
        error.set(None);
        let credentials = Credentials { username: username.get_value(), password: password.get_untracked() };
        spawn_local(async move {
            let answer = api::auth::log_in(&credentials).await;
            busy.try_set(false);
            match answer {
                Ok(answer) => session.returned(answer.user),
                Err(problem) => {
                    error.try_set(Some(problem));
                }
            }
        });
    };
    view! {
        <h2>{i18n::log_in_again()}</h2>
        <p class="muted">{i18n::log_in_again_text(&user.username)}</p>
        <form class="relogin" on:submit=submit>
            // For password managers.
            <input class="visually-hidden" name="username" autocomplete="username" tabindex="-1" readonly value=user.username />
            <div class="field">
                <label for="relogin-password">{i18n::password()}</label>
                <input
                    id="relogin-password"
                    type="password"
                    autocomplete="current-password"
                    autofocus
                    aria-invalid=move || error.with(Option::is_some).to_string()
                    data-testid=testid::RELOGIN_PASSWORD
                    bind:value=password
                />
                {move || {
                    error.get().map(|error| view! { <p class="field-error" role="alert">{error.to_string()}</p> })
                }}
            </div>
            <div class="row end">
                <button
                    type="button"
                    class="btn quiet"
                    on:click=move |_| session.give_up()
                >
                    {i18n::somebody_else()}
                </button>
                <button type="submit" class="btn go" data-testid=testid::RELOGIN_SUBMIT disabled=move || busy.get()>
                    {move || if busy.get() { i18n::one_moment() } else { i18n::log_in() }}
                </button>
            </div>
        </form>
    }
}
