//! One's account: another password, log out, delete it.

mod delete;
mod new_token;
mod password;
mod sessions;
mod tokens;
mod usage;

use crate::state::reading::Reading;
use crate::{
    api,
    components::{header::SiteHeader, require_login::RequireLogin, toast::Toasts},
    dom, format, i18n,
    session::Session,
};
use delete::DeleteAccount;
use leptos::prelude::*;
use password::ChangePassword;
use sessions::Sessions;
use tokens::Tokens;
use usage::UsageCard;

#[component]
pub fn AccountPage() -> impl IntoView {
    dom::title(|| i18n::title_of(i18n::your_account()));
    view! {
        <RequireLogin>
            <SiteHeader />
            <main class="account-page">
                <h1>{i18n::your_account()}</h1>
                <Who />
                <UsageCard />
                <Settings />
            </main>
        </RequireLogin>
    }
}

/// What is read once somebody is logged in.
#[component]
fn Settings() -> impl IntoView {
    let projects = Reading::new(api::projects::list_all);
    let tokens = Reading::new(api::access::tokens);
    let sessions = Reading::new(api::access::sessions);
    let read_again = move |()| {
        tokens.refetch();
        sessions.refetch();
    };
    view! {
        <ChangePassword on_changed=read_again />
        <Sessions sessions=sessions />
        <Tokens tokens=tokens projects=projects />
        <DeleteAccount projects=projects />
    }
}

#[component]
fn Who() -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let now = dom::clock();
    view! {
        <section class="card row">
            <div class="grow">
                <h2 class="ellipsis">{move || session.user().map(|user| user.username)}</h2>
                <p class="muted small">
                    {move || session.user().map(|user| i18n::here_since(&i18n::ago(format::ago(user.created_at, now.get()))))}
                </p>
            </div>
            <button
                type="button"
                class="btn"
                on:click=move |_| session.log_out(move |error| toasts.error(&error))
            >
                {i18n::log_out()}
            </button>
        </section>
    }
}
