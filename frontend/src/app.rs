//! The routes.

use crate::{
    components::{
        connection_banner::ConnectionBanner,
        leave_guard::{LeaveGuard, LeaveQuestion},
        relogin::Relogin,
        toast::{ToastArea, Toasts},
    },
    pages::{
        account::AccountPage, label::LabelPage, login::LoginPage, not_found::NotFoundPage, predict::PredictPage,
        project::ProjectFrame, projects::ProjectsPage, train::TrainPage,
    },
    session::Session,
    state::connection::Connection,
};
use leptos::prelude::*;
use leptos_router::{
    components::{ParentRoute, Redirect, Route, Router, Routes},
    path,
};

#[component]
pub fn App() -> impl IntoView {
    Toasts::provide();
    Connection::provide();
    Session::provide();
    LeaveGuard::provide();
    view! {
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=LoginPage />
                <Route path=path!("/projects") view=ProjectsPage />
                <Route path=path!("/account") view=AccountPage />
                <ParentRoute path=path!("/projects/:project") view=ProjectFrame>
                    <Route path=path!("") view=|| view! { <Redirect path="label" /> } />
                    <Route path=path!("label") view=LabelPage />
                    <Route path=path!("train") view=TrainPage />
                    <Route path=path!("predict") view=PredictPage />
                </ParentRoute>
            </Routes>
            <LeaveQuestion />
        </Router>
        <ConnectionBanner />
        <Relogin />
        <ToastArea />
    }
}
