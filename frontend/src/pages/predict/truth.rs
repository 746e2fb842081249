//! What the pictures really are, and how often the model is right about them.

use super::asked::{Question, Questions};
use crate::{components::label_select::LabelSelect, format, i18n, state::workspace::Workspace};
use leptos::prelude::*;

/// Lets the person say what a picture really is.
#[component]
pub fn Truth(question: Question) -> impl IntoView {
    let workspace = Workspace::get();
    let truth = question.truth.clone();
    let set_truth = {
        let truth = truth.clone();
        move |label| truth.set(label)
    };
    let question = StoredValue::new_local(question);
    let is_right = move || question.with_value(Question::is_right);
    view! {
        <div class="row truth">
            <span class="small muted">{i18n::really_is()}</span>
            <LabelSelect
                labels=workspace.labels
                current=Signal::derive(move || truth.get())
                on_pick=set_truth
                name=i18n::really_is()
                placeholder=i18n::choose_label()
            />
            {move || match is_right() {
                Some(true) => Some(view! { <b class="good-text" role="status">{i18n::right()}</b> }),
                Some(false) => Some(view! { <b class="bad-text" role="status">{i18n::wrong()}</b> }),
                None => None,
            }}
        </div>
    }
}

/// How many of the pictures whose truth is known were right.
#[component]
pub fn Score(questions: Questions) -> impl IntoView {
    let score = move || {
        questions.list.with(|list| {
            let judged: Vec<bool> = list.iter().filter_map(Question::is_right).collect();
            (judged.iter().filter(|right| **right).count(), judged.len())
        })
    };
    let asked = move || questions.list.with(Vec::len);
    let text = move || match score() {
        (_, 0) => i18n::pictures_asked(asked() as u64),
        (right, judged) => i18n::score(right, judged, &format::percent(right as f64 / judged as f64)),
    };
    view! {
        <Show when=move || { asked() > 1 || score().1 > 0 }>
            <div class="row score">
                <b class="num grow" role="status">{text}</b>
                <button type="button" class="btn quiet small" on:click=move |_| questions.clear()>
                    {i18n::clear()}
                </button>
            </div>
        </Show>
    }
}
