//! The ways to look at the pictures, each with an address of its own, and whether Pupil learns meanwhile.

use super::{
    address::{Address, View},
    learn::LearnWhileLabelling,
};
use crate::{components::testid, i18n, state::workspace::Workspace};
use leptos::prelude::*;

#[component]
pub fn Views() -> impl IntoView {
    let project = Workspace::get().id;
    let shown = Address::get().view;
    let link = move |view: View| {
        let word = match view {
            View::Grid => i18n::view_grid(),
            View::Suggestions => i18n::view_suggestions(),
            View::Alike => i18n::view_alike(),
            View::Map => i18n::view_map(),
        };
        view! {
            <a
                href=view.address(project)
                aria-current=move || (shown.get() == view).then_some("page")
                data-testid=testid::VIEW
                data-view=view.name()
            >
                {word}
            </a>
        }
    };
    view! {
        <div class="row views">
            <nav aria-label=i18n::views()>{View::ALL.map(link).collect_view()}</nav>
            <LearnWhileLabelling />
        </div>
    }
}
