//! What stands where something could not be loaded.

use crate::{api::ApiError, i18n};
use leptos::prelude::*;

/// The sentence of `error`, and a button that tries again.
#[component]
pub fn Failure(#[prop(into)] error: Signal<ApiError>, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    view! {
        <div class="failure" role="alert">
            <span>{move || error.get().to_string()}</span>
            <button type="button" class="btn" on:click=move |_| retry.run(())>
                {i18n::try_again()}
            </button>
        </div>
    }
}
