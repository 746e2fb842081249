//! Who is logged in, and the menu to one's projects, one's account and the way out.

use super::{icons::Person, leave_guard::LeaveGuard, menu::Menu, testid, toast::Toasts};
use crate::{i18n, session::Session};
use leptos::prelude::*;

#[component]
pub fn AccountMenu() -> impl IntoView {
    let session = Session::get();
    let toasts = Toasts::get();
    let guard = LeaveGuard::get();
    let open = RwSignal::new(false);
    let username = move || session.user().map(|user| user.username).unwrap_or_default();
    view! {
        <Menu
            open=open
            name=i18n::your_account()
            testid=testid::ACCOUNT_MENU
            button=view! { <Person /> }.into_any()
        >
            <p class="small muted ellipsis">{move || i18n::logged_in_as(&username())}</p>
            <ul class="projects">
                <li>
                    <a href="/projects">{i18n::projects()}</a>
                </li>
                <li>
                    <a href="/account" data-testid=testid::ACCOUNT_LINK>
                        {i18n::account()}
                    </a>
                </li>
                <li>
                    <button
                        type="button"
                        data-testid=testid::LOGOUT
                        on:click=move |_| guard.leave(move || session.log_out(move |error| toasts.error(&error)))
                    >
                        {i18n::log_out()}
                    </button>
                </li>
            </ul>
        </Menu>
    }
}
