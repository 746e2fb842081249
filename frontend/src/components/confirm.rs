//! A question before something is lost.

use super::testid;
use crate::i18n;
use leptos::{html, prelude::*};

/// What is asked, and what happens on yes.
#[derive(Clone)]
pub struct Question {
    pub title: String,
    pub text: String,
    /// The word on the button that does it.
    pub yes: String,
    pub on_yes: Callback<()>,
}

/// Shows `question` over the page while there is one.
#[component]
pub fn Confirm(question: RwSignal<Option<Question>>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    // Only the dialog's own method makes the rest of the page inert and keeps the focus inside.
    Effect::new(move || {
        if let (Some(dialog), true) = (dialog.get(), question.with(Option::is_some))
            && !dialog.open()
        {
            // Fails only for a dialog that is not in the document, where there is nothing to show.
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let agree = move |_| {
        let asked = question.get_untracked();
        close();
        if let Some(asked) = asked {
            asked.on_yes.run(());
        }
    };
    let part = move |part: fn(&Question) -> &String| {
        move || question.with(|question| question.as_ref().map(|question| part(question).clone()))
    };
    view! {
        <dialog node_ref=dialog class="card dialog" aria-labelledby="confirm-title" on:close=move |_| question.set(None)>
            <h2 id="confirm-title">{part(|question| &question.title)}</h2>
            <p class="muted">{part(|question| &question.text)}</p>
            <div class="row end">
                <button type="button" class="btn" autofocus on:click=move |_| close()>
                    {i18n::cancel()}
                </button>
                <button type="button" class="btn bad" data-testid=testid::CONFIRM_YES on:click=agree>
                    {part(|question| &question.yes)}
                </button>
            </div>
        </dialog>
    }
}
