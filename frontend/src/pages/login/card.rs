//! The card with user name and password.

use super::name_field::{self, UsernameField};
use crate::{
    api::{self, ApiError},
    components::{
        field::FieldError,
        password_field::{self, PasswordField},
        testid,
    },
    dom, i18n,
    session::{Login, Session},
};
use dto::{ErrorCode, auth::Credentials};
use leptos::{ev, html, prelude::*, task::spawn_local};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    LogIn,
    SignUp,
}

/// What is wrong with the fields, and with the two together.
#[derive(Clone, Default)]
struct Errors {
    username: Option<String>,
    password: Option<String>,
    general: Option<String>,
}

/// `signed_up` is set when the person is new here.
#[component]
pub fn LoginCard(signed_up: RwSignal<bool>) -> impl IntoView {
    let session = Session::get();
    let face = RwSignal::new(Face::LogIn);
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let errors = RwSignal::new(Errors::default());
    let username_input = NodeRef::<html::Input>::new();
    let password_input = NodeRef::<html::Input>::new();
    dom::title(move || i18n::title_of(title(face.get())));

    // `autofocus` holds for the first form of a document only, and this one may come after a log-out.
    Effect::new(move || {
        if let Some(input) = username_input.get() {
            let _ = input.focus();
        }
    });

    let is_sign_up = Signal::derive(move || face.get() == Face::SignUp);
    // What is wrong is shown where it is, and the first such field gets the focus.
    let show = move |found: Errors| {
        let first = match &found {
            Errors { username: Some(_), .. } => username_input,
            _ => password_input,
        };
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
        let face = face.get_untracked();
        let credentials =
            Credentials { username: username.get_untracked().trim().to_owned(), password: password.get_untracked() };
        if let Some(found) = check(face, &credentials) {
            show(found);
            return;
        }
        busy.set(true);
        errors.set(Errors::default());
        spawn_local(async move {
            let answer = match face {
                Face::SignUp => api::auth::sign_up(&credentials).await,
                Face::LogIn => api::auth::log_in(&credentials).await,
            };
            if busy.is_disposed() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(answer) => {
                    signed_up.set(face == Face::SignUp);
                    session.login.set(Login::LoggedIn(answer.user));
                }
                Err(error) => show(told(&error)),
            }
        });
    };
    let switch = move |_| {
        face.update(|face| *face = if *face == Face::LogIn { Face::SignUp } else { Face::LogIn });
        errors.set(Errors::default());
    };

    view! {
        <form class="card login" novalidate on:submit=submit>
            <h2>{move || title(face.get())}</h2>
            <UsernameField
                value=username
                is_new=is_sign_up
                error=Signal::derive(move || errors.get().username)
                node_ref=username_input
            />
            <PasswordField
                id="password"
                label=i18n::password()
                value=password
                is_new=is_sign_up
                error=Signal::derive(move || errors.get().password)
                testid=testid::LOGIN_PASSWORD
                node_ref=password_input
            />
            <FieldError text=Signal::derive(move || errors.get().general) />
            <button type="submit" class="btn go wide" data-testid=testid::LOGIN_SUBMIT disabled=move || busy.get()>
                {move || if busy.get() { i18n::one_moment() } else { title(face.get()) }}
            </button>
            <p class="muted small center">
                {move || if is_sign_up.get() { i18n::have_account() } else { i18n::no_account() }} " "
                <button type="button" class="link" data-testid=testid::LOGIN_SWITCH on:click=switch>
                    {move || if is_sign_up.get() { i18n::log_in() } else { i18n::sign_up() }}
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

/// What need not be sent to be known wrong.
fn check(face: Face, credentials: &Credentials) -> Option<Errors> {
    let Credentials { username, password } = credentials;
    let (username, password) = match face {
        Face::LogIn => (
            username.is_empty().then(|| i18n::type_username().to_owned()),
            password.is_empty().then(|| i18n::type_password().to_owned()),
        ),
        Face::SignUp => (
            (!name_field::is_fit(username)).then(i18n::username_unfit),
            (!password_field::is_fit(password)).then(i18n::password_unfit),
        ),
    };
    (username.is_some() || password.is_some()).then_some(Errors { username, password, general: None })
}

/// What the server says, at the field that it means.
fn told(error: &ApiError) -> Errors {
    let text = Some(error.to_string());
    match (error.code(), error.field()) {
        (Some(ErrorCode::UsernameTaken), _) | (_, Some("username")) => Errors { username: text, ..Default::default() },
        (_, Some("password")) => Errors { password: text, ..Default::default() },
        _ => Errors { general: text, ..Default::default() },
    }
}
