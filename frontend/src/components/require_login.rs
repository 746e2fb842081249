//! Shows a page to whoever is logged in, and the log-in page to everybody else.

use super::{failure::Failure, icons::Eye};
use crate::{
    i18n,
    session::{Login, Session},
};
use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};

#[component]
pub fn RequireLogin(children: ChildrenFn) -> impl IntoView {
    let session = Session::get();
    let location = use_location();
    let login_address = move || {
        let here = format!("{}{}", location.pathname.get_untracked(), location.search.get_untracked());
        format!("/?next={}", js_sys::encode_uri_component(&here))
    };
    let login = Memo::new(move |_| session.login.get());
    move || match login.get() {
        Login::Unknown => view! { <Waiting /> }.into_any(),
        Login::Failed(error) => view! {
            <main class="alone">
                <Eye />
                <Failure error=error retry=move |()| session.ask() />
            </main>
        }
        .into_any(),
        Login::LoggedOut { by_choice: true } => view! { <Redirect path="/" /> }.into_any(),
        Login::LoggedOut { by_choice: false } => view! { <Redirect path=login_address() /> }.into_any(),
        Login::LoggedIn(_) => children().into_any(),
    }
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <main class="alone" aria-busy="true">
            <Eye />
            <p class="muted" role="status">
                {i18n::loading()}
            </p>
        </main>
    }
}
