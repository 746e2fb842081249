//! What all pages of a project share: the log-in is checked, the project is opened, the header is there.

use super::not_found::NotFoundPage;
use crate::{
    components::{
        failure::Failure, header::Header, leave_guard::LeaveGuard, require_login::RequireLogin, toast::Toasts,
        weights_notice::WeightsNotice,
    },
    last_project,
    session::Session,
    state::workspace::Workspace,
};
use dto::{ErrorCode, ProjectId};
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_params_map},
};

#[component]
pub fn ProjectFrame() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("project")?.parse::<ProjectId>().ok()));
    view! {
        <RequireLogin>
            {move || match id.get() {
                Some(id) => view! { <OpenProject id=id /> }.into_any(),
                None => view! { <NotFoundPage /> }.into_any(),
            }}
        </RequireLogin>
    }
}

#[component]
fn OpenProject(id: ProjectId) -> impl IntoView {
    let session = Session::get();
    let workspace = Workspace::provide(id);
    LeaveGuard::get().watch(workspace);
    Effect::new(move || {
        if let (Some(user), true) = (session.user_id(), workspace.project.with(Option::is_some)) {
            last_project::remember(user, id);
        }
    });
    let path = use_location().pathname;
    let toasts = Toasts::get();
    Effect::new(move |before: Option<String>| {
        let here = path.get();
        if before.is_some_and(|before| before != here) {
            toasts.clear_offers();
        }
        here
    });
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
