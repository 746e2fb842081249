//! Says that the server can't be reached, for as long as that is so.

use super::testid;
use crate::components::show::Show;
use crate::{i18n, state::connection::Connection};
use leptos::prelude::*;

#[component]
pub fn ConnectionBanner() -> impl IntoView {
    let connection = Connection::get();
    let text = move || if window().navigator().on_line() { i18n::server_away() } else { i18n::offline() };
    view! {
        <div class="connection" role="status">
            <Show when=move || !connection.is_there()>
                <p data-testid=testid::CONNECTION_BANNER>
                    <span>{text}</span>
                    <button type="button" class="btn small" on:click=move |_| connection.try_now()>
                        {i18n::try_now()}
                    </button>
                </p>
            </Show>
        </div>
    }
}
