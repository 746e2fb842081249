//! The headers: that of a project's pages (which one, the three steps, and what is next), and that of the others.

use super::{
    account_menu::AccountMenu, icons::Eye, project_menu::ProjectMenu, steps::Steps, train_button::TrainButton,
};
use crate::i18n;
use leptos::prelude::*;

#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="top">
            <div class="brand">
                <Home />
                <span class="slash" aria-hidden="true">"/"</span>
                <ProjectMenu />
            </div>
            <Steps />
            <div class="end">
                <TrainButton />
                <AccountMenu />
            </div>
        </header>
    }
}

/// The header of pages that belong to no project.
#[component]
pub fn SiteHeader() -> impl IntoView {
    view! {
        <header class="top site">
            <div class="brand">
                <Home />
            </div>
            <div class="end">
                <AccountMenu />
            </div>
        </header>
    }
}

#[component]
fn Home() -> impl IntoView {
    view! {
        <a href="/projects" class="home" title=i18n::projects()>
            <Eye />
            <b>{i18n::name_of_pupil()}</b>
        </a>
    }
}
