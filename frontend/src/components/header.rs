//! The header of a project's pages: whose, which, the three steps, and what is next.

use super::{
    icons::{Eye, Leave},
    project_menu::ProjectMenu,
    steps::Steps,
    testid,
    toast::Toasts,
    train_button::TrainButton,
};
use crate::{
    i18n,
    session::{Login, Session},
};
use leptos::prelude::*;

#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="top">
            <div class="brand">
                <Eye />
                <b>{i18n::name_of_pupil()}</b>
                <span class="slash" aria-hidden="true">"/"</span>
                <ProjectMenu />
            </div>
            <Steps />
            <div class="end">
                <TrainButton />
                <Account />
            </div>
        </header>
    }
}

#[component]
fn Account() -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let username = move || {
        session.login.with(|login| match login {
            Login::LoggedIn(user) => Some(user.username.clone()),
            _ => None,
        })
    };
    view! {
        <span class="account ellipsis small muted" title=username>{username}</span>
        <button
            type="button"
            class="btn quiet leave"
            data-testid=testid::LOGOUT
            aria-label=i18n::log_out()
            title=i18n::log_out()
            on:click=move |_| session.log_out(move |error| toasts.error(&error))
        >
            <Leave />
        </button>
    }
}
