//! Labels that Pupil suggests for pictures without one. Nothing is written without being asked.

mod bar;
mod bulk;
mod card;
mod suggesting;

pub use bar::SuggestionsBar;

use super::keys::label_of_key;
use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    components::{
        empty::Empty,
        looked::{LookDialog, Looking},
        more::More,
        testid,
    },
    dom, i18n,
    state::workspace::Workspace,
};
use bulk::AcceptAll;
use card::Card;
use dto::{ImageId, suggestion::SuggestionOrder};
use leptos::{ev, prelude::*};
use suggesting::Suggesting;
use wasm_bindgen::JsCast;

#[component]
pub fn Suggestions() -> impl IntoView {
    let model = suggesting::model(Workspace::get());
    let has_model = Memo::new(move |_| model.with(Option::is_some));
    move || {
        if has_model.get() {
            view! { <Suggested /> }.into_any()
        } else {
            view! {
                <div class="card">
                    <Empty title=i18n::no_suggesting_model() text=i18n::no_suggesting_model_help() />
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Suggested() -> impl IntoView {
    let looking = Looking::provide();
    let suggesting = Suggesting::new(Workspace::get());
    let list = suggesting.list;
    let title = move || suggesting.head.with(|head| head.as_ref().map(|head| i18n::can_suggest(head.total)));
    let pending = move || {
        let pending = suggesting.head.with(|head| head.as_ref().map_or(0, |head| head.pending));
        (pending > 0).then(|| i18n::still_looking(pending))
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if dom::is_typing(&event) || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let label = label_of_key(suggesting.workspace, &event.key()).flatten();
        if let (Some(label), Some(image)) = (label, focused(&event)) {
            event.prevent_default();
            suggesting.label(image, label);
        }
    };
    view! {
        <Show
            when=move || !list.is_empty()
            fallback=|| {
                view! {
                    <div class="card">
                        <Empty title=i18n::no_suggestions() text=i18n::no_suggestions_help() />
                    </div>
                }
            }
        >
            <div class="suggesting">
                <h1 class="num" role="status">{title}</h1>
                <p class="muted small num">{pending}</p>
                <Orders suggesting=suggesting />
                <AcceptAll suggesting=suggesting />
                <p class="muted small wide-only">
                    <kbd>"Enter"</kbd>
                    " "
                    {i18n::suggestion_keys()}
                </p>
            </div>
            <div class="miss" role="list" on:keydown=on_keydown>
                <Each each=move || list.items.get() key=|suggestion| suggestion.image_id let:suggestion>
                    <Card suggesting=suggesting suggestion=suggestion />
                </Each>
            </div>
        </Show>
        <More reading=list.reading />
        <LookDialog looking=looking />
    }
}

#[component]
fn Orders(suggesting: Suggesting) -> impl IntoView {
    let chip = move |order: SuggestionOrder, name: &'static str, word: &'static str, help: &'static str| {
        view! {
            <button
                type="button"
                class="chip"
                title=help
                aria-pressed=move || (suggesting.order.get() == order).to_string()
                data-testid=testid::SUGGESTIONS_ORDER
                data-order=name
                on:click=move |_| suggesting.sort(order)
            >
                {word}
            </button>
        }
    };
    view! {
        <div class="chips" role="group" aria-label=i18n::which_first()>
            {chip(SuggestionOrder::MostCertain, "certain", i18n::most_certain(), "")}
            {chip(
                SuggestionOrder::MostUncertain,
                "uncertain",
                i18n::most_uncertain(),
                i18n::most_uncertain_help(),
            )}
        </div>
    }
}

/// The picture whose card has the focus.
fn focused(event: &ev::KeyboardEvent) -> Option<ImageId> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    element.closest("[data-image-id]").ok()??.get_attribute("data-image-id")?.parse().ok()
}
