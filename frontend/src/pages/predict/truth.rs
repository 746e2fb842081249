//! What the pictures really are, and how often the model is right about them.

use super::{
    asked::{Question, Questions},
    keep::KeepAll,
};
use crate::components::show::Show;
use crate::{
    components::{label_select::LabelSelect, testid},
    format, i18n,
    state::workspace::Workspace,
};
use dto::LabelId;
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
                none=i18n::not_known()
                testid=testid::PREDICT_TRUTH
            />
            {move || match is_right() {
                Some(true) => Some(view! { <b class="good-text" role="status">{i18n::right()}</b> }),
                Some(false) => Some(view! { <b class="bad-text" role="status">{i18n::wrong()}</b> }),
                None => None,
            }}
        </div>
    }
}

/// How many of the pictures whose truth is known were right, and what they all are.
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
    // The label that all share, if they do.
    let common = move || {
        questions.list.with(|list| {
            let mut truths = list.iter().map(|question| question.truth.get());
            let first = truths.next().flatten();
            if truths.all(|truth| truth == first) { first } else { None }
        })
    };
    let set_all = move |label: Option<LabelId>| {
        questions.list.with_untracked(|list| list.iter().for_each(|question| question.truth.set(label)));
    };
    view! {
        <div class="row score">
            <b class="num grow" role="status" data-testid=testid::PREDICT_SCORE>
                {text}
            </b>
            <Show when=move || { asked() > 1 }>
                <span class="row truth">
                    <span class="small muted">{i18n::all_really_are()}</span>
                    <LabelSelect
                        labels=questions.workspace.labels
                        current=Signal::derive(common)
                        on_pick=set_all
                        name=i18n::all_really_are()
                        placeholder=i18n::choose_label()
                        none=i18n::not_known()
                        testid=testid::PREDICT_TRUTH_ALL
                    />
                </span>
            </Show>
            <KeepAll questions=questions />
            <button type="button" class="btn quiet small" on:click=move |_| questions.clear()>
                {i18n::clear()}
            </button>
        </div>
    }
}
