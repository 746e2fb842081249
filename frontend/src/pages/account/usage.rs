//! How much of what one may have is used.

use crate::{
    api,
    components::{bar::Bar, failure::Failure, testid},
    format, i18n,
    state::reading::Reading,
};
use dto::usage::{Amount, Usage};
use leptos::prelude::*;

#[component]
pub fn UsageCard() -> impl IntoView {
    let usage = Reading::new(api::usage::get);
    let rows = move || match usage.get() {
        None => view! { <p class="muted">{i18n::counting()}</p> }.into_any(),
        Some(Err(error)) => view! { <Failure error=error retry=move |_| usage.refetch() /> }.into_any(),
        Some(Ok(usage)) => rows(&usage).collect::<Vec<_>>().into_any(),
    };
    view! {
        <section class="card settings" data-testid=testid::USAGE>
            <h2>{i18n::what_you_use()}</h2>
            {rows}
        </section>
    }
}

fn rows(usage: &Usage) -> impl Iterator<Item = AnyView> + use<> {
    let count = |amount: Amount| (format::count(amount.used), format::count(amount.allowed));
    let bytes = |amount: Amount| (format::bytes(amount.used as f64), format::bytes(amount.allowed as f64));
    let rows = [
        (i18n::pictures_used(), count(usage.images), usage.images),
        (i18n::space_used(), bytes(usage.bytes), usage.bytes),
        (i18n::projects_used(), count(usage.projects), usage.projects),
        (i18n::runs_used(), count(usage.runs), usage.runs),
    ];
    rows.into_iter().map(|(name, (used, allowed), amount)| {
        let share = amount.used as f64 / amount.allowed.max(1) as f64;
        view! {
            <div>
                <p class="row">
                    <span class="grow">{name}</span>
                    <span class="num">{i18n::used_of(&used, &allowed)}</span>
                </p>
                <Bar share=Signal::stored(share) />
            </div>
        }
        .into_any()
    })
}
