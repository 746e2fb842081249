//! The card with user name and password.

use super::name_field::{self, UsernameField};
use crate::{
    api::{self, ApiError},
    components::{
        field::FieldError,
        form::Form,
        password_field::{self, PasswordField},
        testid,
    },
    dom, i18n,
    session::{Login, Session},
};
use dto::{ErrorCode, auth::Credentials};
use leptos::{ev, prelude::*, task::spawn_local};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    LogIn,
    SignUp,
}

const USERNAME: usize = 0;
const PASSWORD: usize = 1;

/// `signed_up` is set when the person is new here.
#[component]
pub fn LoginCard(signed_up: RwSignal<bool>) -> impl IntoView {
    let session = Session::get();
    let face = RwSignal::new(Face::LogIn);
    let username = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let form = Form::<2>::new();
    dom::title(move || i18n::title_of(title(face.get())));

    // `autofocus` holds for the first form of a document only, and this one may come after a log-out.
    Effect::new(move || {
        form.inputs[USERNAME].track();
        form.focus(USERNAME);
    });

    let is_sign_up = Signal::derive(move || face.get() == Face::SignUp);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let face = face.get_untracked();
        let credentials =
            Credentials { username: username.get_untracked().trim().to_owned(), password: password.get_untracked() };
        if !form.begin(|| check(face, &credentials)) {
            return;
        }
        spawn_local(async move {
            let answer = match face {
                Face::SignUp => api::auth::sign_up(&credentials).await,
                Face::LogIn => api::auth::log_in(&credentials).await,
            };
            if !form.end() {
                return;
            }
            match answer {
                Ok(answer) => {
                    signed_up.set(face == Face::SignUp);
                    session.login.set(Login::LoggedIn(answer.user));
                }
                Err(error) => form.refuse(&error, field_of(&error)),
            }
        });
    };
    let switch = move |_| {
        face.update(|face| *face = if *face == Face::LogIn { Face::SignUp } else { Face::LogIn });
        form.clear();
    };

    view! {
        <form class="card login" novalidate on:submit=submit>
            <h2>{move || title(face.get())}</h2>
            <UsernameField
                value=username
                is_new=is_sign_up
                error=form.error(USERNAME)
                node_ref=form.inputs[USERNAME]
            />
            <PasswordField
                id="password"
                label=i18n::password()
                value=password
                is_new=is_sign_up
                error=form.error(PASSWORD)
                testid=testid::LOGIN_PASSWORD
                node_ref=form.inputs[PASSWORD]
            />
            <FieldError text=form.general_error() />
            <button type="submit" class="btn go wide" data-testid=testid::LOGIN_SUBMIT disabled=move || form.is_busy()>
                {move || if form.is_busy() { i18n::one_moment() } else { title(face.get()) }}
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
fn check(face: Face, Credentials { username, password }: &Credentials) -> [Option<String>; 2] {
    match face {
        Face::LogIn => [
            username.is_empty().then(|| i18n::type_username().to_owned()),
            password.is_empty().then(|| i18n::type_password().to_owned()),
        ],
        Face::SignUp => [
            (!name_field::is_fit(username)).then(i18n::username_unfit),
            (!password_field::is_fit(password)).then(i18n::password_unfit),
        ],
    }
}

/// The field that the server means.
fn field_of(error: &ApiError) -> Option<usize> {
    match (error.code(), error.field()) {
        (Some(ErrorCode::UsernameTaken), _) | (_, Some("username")) => Some(USERNAME),
        (_, Some("password")) => Some(PASSWORD),
        _ => None,
    }
}
