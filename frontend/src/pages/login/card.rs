//! The card with user name and password.

use crate::{
    api::{self, ApiError},
    components::testid,
    dom, i18n,
    session::{Login, Session},
};
use dto::{auth::Credentials, limits};
use leptos::{ev, prelude::*, task::spawn_local};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    LogIn,
    SignUp,
}

#[component]
pub fn LoginCard() -> impl IntoView {
    let session = Session::get();
    let face = RwSignal::new(Face::LogIn);
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let shown = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    dom::title(move || i18n::title_of(title(face.get())));

    let is_sign_up = move || face.get() == Face::SignUp;
    let name_fits = move || limits::USERNAME_CHARS.contains(&username.with(|name| name.trim().chars().count()));
    let password_fits = move || limits::PASSWORD_CHARS.contains(&password.with(|password| password.chars().count()));
    let can_submit = move || match face.get() {
        Face::SignUp => name_fits() && password_fits(),
        Face::LogIn => !username.with(|name| name.trim().is_empty()) && !password.with(String::is_empty),
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !can_submit() {
            return;
        }
        busy.set(true);
        error.set(None);
        let credentials =
            Credentials { username: username.get_untracked().trim().to_owned(), password: password.get_untracked() };
        let face = face.get_untracked();
        spawn_local(async move {
            let answer = match face {
                Face::SignUp => api::auth::sign_up(&credentials).await,
                Face::LogIn => api::auth::log_in(&credentials).await,
            };
            busy.try_set(false);
            match answer {
                Ok(answer) => session.login.set(Login::LoggedIn(answer.user)),
                Err(problem) => {
                    error.try_set(Some(problem));
                }
            }
        });
    };
    let switch = move |_| {
        face.update(|face| *face = if *face == Face::LogIn { Face::SignUp } else { Face::LogIn });
        error.set(None);
    };
    let field_error = move |field: &'static str| {
        move || error.get().filter(|error| field_of(error) == Some(field)).map(|error| error.to_string())
    };
    let general_error = move || error.get().filter(|error| field_of(error).is_none()).map(|error| error.to_string());

    view! {
        <form class="card login" on:submit=submit>
            <h2>{move || title(face.get())}</h2>
            <div class="field">
                <label for="username">{i18n::username()}</label>
                <input
                    id="username"
                    name="username"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    autofocus
                    required
                    aria-describedby="username-help"
                    aria-invalid=move || field_error("username")().is_some().to_string()
                    data-testid=testid::LOGIN_USERNAME
                    bind:value=username
                />
                <div id="username-help">
                    {move || field_error("username")().map(|text| view! { <FieldError text=text /> })}
                    {move || is_sign_up().then(|| view! { <Rule text=i18n::username_rule() met=name_fits /> })}
                </div>
            </div>
            <div class="field">
                <label for="password">{i18n::password()}</label>
                <div class="with-button">
                    <input
                        id="password"
                        name="password"
                        type=move || if shown.get() { "text" } else { "password" }
                        autocomplete=move || if is_sign_up() { "new-password" } else { "current-password" }
                        required
                        aria-describedby="password-help"
                        aria-invalid=move || field_error("password")().is_some().to_string()
                        data-testid=testid::LOGIN_PASSWORD
                        bind:value=password
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
                <div id="password-help">
                    {move || field_error("password")().map(|text| view! { <FieldError text=text /> })}
                    {move || is_sign_up().then(|| view! { <Rule text=i18n::password_rule() met=password_fits /> })}
                </div>
            </div>
            {move || general_error().map(|text| view! { <FieldError text=text /> })}
            <button
                type="submit"
                class="btn go wide"
                data-testid=testid::LOGIN_SUBMIT
                disabled=move || busy.get() || !can_submit()
            >
                {move || if busy.get() { i18n::one_moment() } else { title(face.get()) }}
            </button>
            <p class="muted small center">
                {move || if is_sign_up() { i18n::have_account() } else { i18n::no_account() }} " "
                <button type="button" class="link" data-testid=testid::LOGIN_SWITCH on:click=switch>
                    {move || if is_sign_up() { i18n::log_in() } else { i18n::sign_up() }}
                </button>
            </p>
        </form>
    }
}

fn title(face: Face) -> &'static str {
    match face {
        Face::LogIn => i18n::log_in(),
        Face::SignUp => i18n::sign_up(),
    }
}

/// The field that an error belongs to: the server names it, or its code does.
fn field_of(error: &ApiError) -> Option<&str> {
    match error.code() {
        Some(dto::ErrorCode::UsernameTaken) => Some("username"),
        _ => error.field(),
    }
}

#[component]
fn FieldError(text: String) -> impl IntoView {
    view! {
        <p class="field-error" role="alert">
            {text}
        </p>
    }
}

/// A rule that is ticked off as one types.
#[component]
fn Rule<F>(text: String, met: F) -> impl IntoView
where
    F: Fn() -> bool + Send + 'static,
{
    view! {
        <p class="rule small" class:met=met>
            {text}
        </p>
    }
}
