//! Logging in and signing up: one card, two faces.

mod card;

use crate::{
    api::{self, ApiError},
    components::{failure::Failure, icons::Eye, toast::Toasts},
    i18n,
    session::{Login, Session},
};
use card::LoginCard;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

#[component]
pub fn LoginPage() -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let query = use_query_map();
    let navigate = StoredValue::new_local(use_navigate());
    let go_on = move || {
        let next = query.with_untracked(|query| query.get("next")).filter(|next| next.starts_with("/projects/"));
        spawn_local(async move {
            let path = match next {
                Some(next) => Ok(next),
                None => first_project().await,
            };
            match path {
                // The log-in page is no place to come back to.
                Ok(path) => {
                    let options = NavigateOptions { replace: true, ..Default::default() };
                    let _ = navigate.try_with_value(|go| go(&path, options));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    Effect::new(move || {
        if session.login.with(|login| matches!(login, Login::LoggedIn(_))) {
            go_on();
        }
    });
    let login = Memo::new(move |_| session.login.get());
    view! {
        <main class="alone">
            <div class="welcome">
                <Eye />
                <h1>{i18n::name_of_pupil()}</h1>
                <p class="muted">{i18n::what_pupil_is()}</p>
            </div>
            {move || match login.get() {
                Login::LoggedOut { .. } => view! { <LoginCard /> }.into_any(),
                Login::Failed(error) => {
                    view! { <Failure error=error retry=move |()| session.ask() /> }.into_any()
                }
                Login::Unknown | Login::LoggedIn(_) => {
                    view! {
                        <p class="muted" role="status">
                            {i18n::loading()}
                        </p>
                    }
                        .into_any()
                }
            }}
        </main>
    }
}

/// The address of the person's first project; one is made for whoever has none.
async fn first_project() -> Result<String, ApiError> {
    let first = api::projects::list().await?.into_iter().next();
    let project = match first {
        Some(project) => project,
        None => api::projects::create(i18n::first_project()).await?,
    };
    Ok(format!("/projects/{}/label", project.id))
}
