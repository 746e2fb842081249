//! The card with user name and password.

use super::{
    code_field::CodeField,
    name_field::{self, UsernameField},
};
use crate::components::show::Show;
use crate::state::reading::Reading;
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
use dto::{
    ErrorCode,
    auth::{Credentials, NewUser},
    health::SignupMode,
};
use leptos::{ev, prelude::*, task::spawn_local};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    LogIn,
    SignUp,
}

const USERNAME: usize = 0;
const CODE: usize = 1;
const PASSWORD: usize = 2;

/// `signed_up` is set when the person is new here.
#[component]
pub fn LoginCard(signed_up: RwSignal<bool>) -> impl IntoView {
    let session = Session::get();
    let face = RwSignal::new(Face::LogIn);
    let username = RwSignal::new(String::new());
    let (code, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let form = Form::<3>::new();
    // Until it is known, and when it can't be, signing up is offered: the server has the last word.
    let health = Reading::new(api::health::get);
    let mode = Memo::new(move |_| health.get().and_then(Result::ok).map(|health| health.signup).unwrap_or_default());
    let contact = Signal::derive(move || health.get().and_then(Result::ok).and_then(|health| health.contact));
    let takes_code = move || face.get() == Face::SignUp && mode.get() == SignupMode::Code;
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
        let username = username.get_untracked().trim().to_owned();
        let new = NewUser { username, password: password.get_untracked(), code: code_of(mode.get_untracked(), code) };
        if !form.begin(|| check(face, &new)) {
            return;
        }
        spawn_local(async move {
            let answer = match face {
                Face::SignUp => api::auth::sign_up(&new).await,
                Face::LogIn => {
                    let NewUser { username, password, .. } = new;
                    api::auth::log_in(&Credentials { username, password }).await
                }
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
            <Show when=takes_code>
                <CodeField value=code contact=contact error=form.error(CODE) node_ref=form.inputs[CODE] />
            </Show>
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
                <Show
                    when=move || is_sign_up.get() || mode.get() != SignupMode::Closed
                    fallback=move || view! { <Closed contact=contact /> }
                >
                    <button type="button" class="link" data-testid=testid::LOGIN_SWITCH on:click=switch>
                        {move || if is_sign_up.get() { i18n::log_in() } else { i18n::sign_up() }}
                    </button>
                </Show>
            </p>
        </form>
    }
}

/// Where nobody can sign up.
#[component]
fn Closed(contact: Signal<Option<String>>) -> impl IntoView {
    view! {
        <span data-testid=testid::LOGIN_CLOSED>
            {i18n::sign_up_is_closed()} " " {move || i18n::ask_for_account(contact.get().as_deref())}
        </span>
    }
}

/// The code, where signing up takes one.
fn code_of(mode: SignupMode, typed: RwSignal<String>) -> Option<String> {
    (mode == SignupMode::Code).then(|| typed.with_untracked(|code| code.trim().to_owned()))
}

fn title(face: Face) -> &'static str {
    match face {
        Face::LogIn => i18n::log_in(),
        Face::SignUp => i18n::sign_up(),
    }
}

/// What need not be sent to be known wrong.
fn check(face: Face, NewUser { username, password, code }: &NewUser) -> [Option<String>; 3] {
    match face {
        Face::LogIn => [
            username.is_empty().then(|| i18n::type_username().to_owned()),
            None,
            password.is_empty().then(|| i18n::type_password().to_owned()),
        ],
        Face::SignUp => [
            (!name_field::is_fit(username)).then(i18n::username_unfit),
            code.as_ref().is_some_and(String::is_empty).then(|| i18n::type_sign_up_code().to_owned()),
            (!password_field::is_fit(password)).then(i18n::password_unfit),
        ],
    }
}

/// The field that the server means.
fn field_of(error: &ApiError) -> Option<usize> {
    match (error.code(), error.field()) {
        (Some(ErrorCode::UsernameTaken), _) | (_, Some("username")) => Some(USERNAME),
        (_, Some("code")) => Some(CODE),
        (_, Some("password")) => Some(PASSWORD),
        _ => None,
    }
}
