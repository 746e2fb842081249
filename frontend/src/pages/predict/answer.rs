//! The answer: what the model says, how sure it is, and a bar for every label.

use super::{
    asked::{Answer, Question, Questions},
    keep::Keep,
    truth::Truth,
};
use crate::components::show::Show;
use crate::{
    color,
    components::{
        bar::Bar,
        looked::{Look, LookButton, Looked},
        testid,
    },
    format, i18n,
    state::workspace::Workspace,
};
use dto::predict::{LabelProbability, Prediction};
use leptos::prelude::*;

/// Labels that are shown at first; the others are unlikely.
const LABELS_AT_FIRST: usize = 6;

#[component]
pub fn AnswerPanel(questions: Questions) -> impl IntoView {
    // Once asked for, all labels are shown for every picture.
    let all_shown = RwSignal::new(false);
    view! {
        {move || {
            questions
                .shown()
                .map(|question| view! { <OneAnswer questions=questions question=question all_shown=all_shown /> })
        }}
    }
}

#[component]
fn OneAnswer(questions: Questions, question: Question, all_shown: RwSignal<bool>) -> impl IntoView {
    let answer = question.answer.clone();
    let is_unreadable = {
        let answer = answer.clone();
        Memo::new(move |_| answer.with(|answer| matches!(answer, Answer::Unreadable(_))))
    };
    let question_asked = question.clone();
    let said = move || match answer.get() {
        Answer::Waiting => view! {
            <p class="muted">{i18n::pupil_looks()}</p>
            <p class="answer muted">"…"</p>
        }
        .into_any(),
        Answer::Unreadable(why) => view! {
            <p class="muted">{i18n::pupil_cannot_say()}</p>
            <p class="bad-text" role="alert" data-testid=testid::PREDICT_PROBLEM>
                {why}
            </p>
        }
        .into_any(),
        Answer::Unasked(why) => view! {
            <p class="muted">{i18n::not_asked()}</p>
            <div class="row">
                <p class="bad-text grow" role="alert">
                    {why}
                </p>
                <button type="button" class="btn" on:click=move |_| questions.retry()>
                    {i18n::ask_again()}
                </button>
            </div>
        }
        .into_any(),
        Answer::Known(prediction) => {
            let look = look_of(&question_asked, &prediction, questions);
            view! {
                <Said prediction=*prediction all_shown=all_shown />
                {look.map(|look| view! { <LookButton look=look with_words=true /> })}
            }
            .into_any()
        }
    };
    view! {
        <div aria-live="polite">{said}</div>
        <Truth question=question.clone() />
        <Show when=move || !is_unreadable.get()>
            <Keep question=question.clone() questions=questions />
        </Show>
    }
}

/// What to look for on a picture: the label that the model says, and the one that it really has or the runner-up.
fn look_of(question: &Question, prediction: &Prediction, questions: Questions) -> Option<Look> {
    let model = questions.model.get().or_else(|| questions.workspace.active_model().map(|model| model.id))?;
    let truth = question.truth.get();
    let is_said = |label: &&LabelProbability| Some(label.label_id) == prediction.label_id;
    let said = prediction.probabilities.iter().find(is_said)?;
    let others = || prediction.probabilities.iter().filter(|label| !is_said(label));
    let other = others().find(|label| Some(label.label_id) == truth).or_else(|| others().next());
    let labels = [Some(said), other].into_iter().flatten().map(|label| (label.label_id, label.label.clone())).collect();
    Some(Look { model, picture: Looked::File(question.file.clone()), labels })
}

#[component]
fn Said(prediction: Prediction, all_shown: RwSignal<bool>) -> impl IntoView {
    let is_unsure = prediction.unsure == Some(true);
    let count = prediction.probabilities.len();
    let probabilities = StoredValue::new(prediction.probabilities);
    let shown = move || if all_shown.get() { count } else { LABELS_AT_FIRST.min(count) };
    view! {
        <p class="muted">{i18n::pupil_says()}</p>
        <p class="answer" data-testid=testid::PREDICT_ANSWER>
            {prediction.label}
        </p>
        <p class:muted=!is_unsure class:unsure=is_unsure>
            {if is_unsure { i18n::is_not_sure() } else { i18n::is_sure() }}
        </p>
        <ul class="probs" aria-label=i18n::probabilities()>
            {move || {
                probabilities
                    .with_value(|all| all[..shown()].to_vec())
                    .into_iter()
                    .map(|label| view! { <Probability label=label /> })
                    .collect_view()
            }}
        </ul>
        <Show when=move || { count > LABELS_AT_FIRST && !all_shown.get() }>
            <button
                type="button"
                class="btn quiet small"
                data-testid=testid::PREDICT_ALL_LABELS
                on:click=move |_| all_shown.set(true)
            >
                {i18n::show_all_labels(count)}
            </button>
        </Show>
    }
}

#[component]
fn Probability(label: LabelProbability) -> impl IntoView {
    let workspace = Workspace::get();
    let share = label.probability;
    let css = move || workspace.label(label.label_id).map(|label| color::css(&label.color));
    view! {
        <li
            data-testid=testid::PREDICT_BAR
            data-label=label.label.clone()
            style:--c=move || css().unwrap_or_else(|| "var(--muted)".to_owned())
        >
            <span class="name ellipsis" title=label.label.clone()>
                <span class="dot" aria-hidden="true"></span>
                {label.label.clone()}
            </span>
            <Bar share=Signal::derive(move || share) />
            <span class="num small">{format::percent(share)}</span>
        </li>
    }
}
