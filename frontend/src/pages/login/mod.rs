//! Logging in and signing up: one card, two faces.

mod card;
mod code_field;
mod name_field;

use crate::{
    api::{self, ApiError},
    components::{failure::Failure, icons::Eye, toast::Toasts},
    i18n, last_project,
    session::{Login, Session},
};
use card::LoginCard;
use dto::UserId;
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
    let signed_up = RwSignal::new(false);
    let go_on = move |user: UserId| {
        let next = query.with_untracked(|query| query.get("next")).filter(|next| is_page(next));
        let is_new = signed_up.get_untracked();
        spawn_local(async move {
            let path = match next {
                Some(next) => Ok(next),
                None if is_new => first_project().await,
                None => Ok(last_used(user).await),
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
        if let Some(user) = session.user_id() {
            go_on(user);
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
                Login::LoggedOut { .. } => view! { <LoginCard signed_up=signed_up /> }.into_any(),
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

/// Whether an address is one of the page's own, and not of some other site.
fn is_page(address: &str) -> bool {
    address == "/projects" || address.starts_with("/projects/") || address == "/account"
}

/// The address of the person's first project; one is made for whoever has none.
async fn first_project() -> Result<String, ApiError> {
    let first = api::projects::list(None, 1).await?.items.into_iter().next();
    let project = match first {
        Some(project) => project,
        None => api::projects::create(i18n::first_project()).await?,
    };
    Ok(format!("/projects/{}/label", project.id))
}

/// The address of the project that the person had open last, or of the list where it is gone.
async fn last_used(user: UserId) -> String {
    if let Some(project) = last_project::recall(user)
        && api::projects::get(project).await.is_ok()
    {
        return format!("/projects/{project}/label");
    }
    "/projects".into()
}
