//! The answer: what the model says, how sure it is, and a bar for every label.

use super::{
    asked::{Answer, Question, Questions},
    truth::{Score, Truth},
};
use crate::{
    color,
    components::{bar::Bar, testid},
    format, i18n,
    state::workspace::Workspace,
};
use dto::predict::{LabelProbability, Prediction};
use leptos::prelude::*;

#[component]
pub fn AnswerPanel(questions: Questions) -> impl IntoView {
    view! {
        {move || questions.shown().map(|question| view! { <OneAnswer question=question /> })}
        <Score questions=questions />
    }
}

#[component]
fn OneAnswer(question: Question) -> impl IntoView {
    let answer = question.answer.clone();
    let said = move || match answer.get() {
        Answer::Waiting => view! {
            <p class="muted">{i18n::pupil_looks()}</p>
            <p class="answer muted">"…"</p>
        }
        .into_any(),
        Answer::Failed(why) => view! {
            <p class="muted">{i18n::pupil_cannot_say()}</p>
            <p class="bad-text" role="alert">{why}</p>
        }
        .into_any(),
        Answer::Known(prediction) => view! { <Said prediction=*prediction /> }.into_any(),
    };
    view! {
        <div aria-live="polite">{said}</div>
        <Truth question=question />
    }
}

#[component]
fn Said(prediction: Prediction) -> impl IntoView {
    let is_unsure = prediction.unsure == Some(true);
    view! {
        <p class="muted">{i18n::pupil_says()}</p>
        <p class="answer" data-testid=testid::PREDICT_ANSWER>
            {prediction.label}
        </p>
        <p class:muted=!is_unsure class:unsure=is_unsure>
            {if is_unsure { i18n::is_not_sure() } else { i18n::is_sure() }}
        </p>
        <ul class="probs" aria-label=i18n::probabilities()>
            {prediction.probabilities.into_iter().map(|label| view! { <Probability label=label /> }).collect_view()}
        </ul>
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
