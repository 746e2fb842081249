//! What all pages of a project share: the log-in is checked, the project is opened, the header is there.

use super::not_found::NotFoundPage;
use crate::{
    components::{failure::Failure, header::Header, icons::Eye, weights_notice::WeightsNotice},
    i18n,
    session::{Login, Session},
    state::workspace::Workspace,
};
use dto::{ErrorCode, ProjectId};
use leptos::prelude::*;
use leptos_router::{
    components::{Outlet, Redirect},
    hooks::{use_location, use_params_map},
};

#[component]
pub fn ProjectFrame() -> impl IntoView {
    let session = Session::get();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("project")?.parse::<ProjectId>().ok()));
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
        Login::LoggedIn(_) => (move || match id.get() {
            Some(id) => view! { <OpenProject id=id /> }.into_any(),
            None => view! { <NotFoundPage /> }.into_any(),
        })
        .into_any(),
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

#[component]
fn OpenProject(id: ProjectId) -> impl IntoView {
    let workspace = Workspace::provide(id);
    let is_missing = Memo::new(move |_| workspace.error().and_then(|error| error.code()) == Some(ErrorCode::NotFound));
    let error = Memo::new(move |_| workspace.error());
    let retry = move |()| workspace.refresh_all();
    move || {
        if is_missing.get() {
            return view! { <NotFoundPage /> }.into_any();
        }
        view! {
            <Header />
            <WeightsNotice />
            {move || error.get().map(|error| view! { <Failure error=error retry=retry /> })}
            <Outlet />
        }
        .into_any()
    }
}
