//! The page of addresses that lead nowhere.

use crate::{
    components::{empty::Empty, icons::Eye},
    dom, i18n,
};
use leptos::prelude::*;

#[component]
pub fn NotFoundPage() -> impl IntoView {
    dom::title(|| i18n::title_of(i18n::not_found()));
    view! {
        <main class="alone">
            <Eye />
            <Empty title=i18n::not_found() text=i18n::not_found_text()>
                <a href="/" class="btn go">
                    {i18n::to_my_pictures()}
                </a>
            </Empty>
        </main>
    }
}
