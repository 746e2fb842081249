//! Says what is missing when the server has no network to look at pictures with.

use crate::state::reading::Reading;
use crate::{api, i18n};
use leptos::prelude::*;

#[component]
pub fn WeightsNotice() -> impl IntoView {
    let health = Reading::new(api::health::get);
    // A server that does not answer is told of elsewhere.
    let problems = move || {
        let health = health.get()?.ok().filter(|health| health.backbone.is_none())?;
        Some(health.backbones.into_iter().filter_map(|backbone| backbone.problem).collect::<Vec<_>>())
    };
    move || {
        problems().map(|problems| {
            view! {
                <div class="failure" role="status">
                    <b>{i18n::no_weights()}</b>
                    {problems.into_iter().map(|problem| view! { <span>{problem}</span> }).collect_view()}
                </div>
            }
        })
    }
}
