//! A question before something is lost.

use super::{dialog::Dialog, testid};
use crate::i18n;
use leptos::prelude::*;
use std::sync::Arc;

/// What is asked, and what happens on yes.
#[derive(Clone)]
pub struct Question {
    pub title: String,
    pub text: String,
    /// The word on the button that does it.
    pub yes: String,
    /// Not a `Callback`, which would go with the part of the page that asks, a menu or a dialog.
    pub on_yes: Arc<dyn Fn() + Send + Sync>,
}

/// Shows `question` over the page while there is one.
#[component]
pub fn Confirm(question: RwSignal<Option<Question>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(question.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && question.with_untracked(Option::is_some) {
            question.set(None);
        }
    });
    let agree = move |_| {
        let asked = question.get_untracked();
        open.set(false);
        if let Some(asked) = asked {
            (asked.on_yes)();
        }
    };
    let part = move |part: fn(&Question) -> &String| {
        move || question.with(|question| question.as_ref().map(|question| part(question).clone()).unwrap_or_default())
    };
    view! {
        <Dialog open=open name=Signal::derive(part(|question| &question.title))>
            <h2>{part(|question| &question.title)}</h2>
            <p class="muted">{part(|question| &question.text)}</p>
            <div class="row end">
                <button type="button" class="btn" autofocus on:click=move |_| open.set(false)>
                    {i18n::cancel()}
                </button>
                <button type="button" class="btn bad" data-testid=testid::CONFIRM_YES on:click=agree>
                    {part(|question| &question.yes)}
                </button>
            </div>
        </Dialog>
    }
}
