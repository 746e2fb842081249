//! The picture that is asked about, large, and a strip of all of them.

use super::asked::{Answer, Question, Questions};
use crate::components::each::Each;
use crate::components::show::Show;
use crate::i18n;
use leptos::prelude::*;

#[component]
pub fn Stage(questions: Questions) -> impl IntoView {
    move || {
        questions.shown().map(|question| {
            let is_unknown = RwSignal::new(false);
            view! {
                <figure class="stage">
                    <img
                        src=question.url.0.clone()
                        alt=question.file_name.clone()
                        class:missing=is_unknown
                        on:error=move |_| is_unknown.set(true)
                    />
                    <Show when=move || is_unknown.get()>
                        <p class="muted small unknown">{i18n::cannot_show()}</p>
                    </Show>
                    <figcaption class="flag ellipsis">{question.file_name.clone()}</figcaption>
                </figure>
            }
        })
    }
}

#[component]
pub fn Strip(questions: Questions) -> impl IntoView {
    let count = move || questions.list.with(Vec::len);
    view! {
        <Show when=move || { count() > 1 }>
            <div class="strip" role="group" aria-label=i18n::asked_pictures()>
                <Each each=move || questions.list.get() key=|question| question.number let:question>
                    <Thumbnail question=question questions=questions />
                </Each>
            </div>
        </Show>
    }
}

#[component]
fn Thumbnail(question: Question, questions: Questions) -> impl IntoView {
    let number = question.number;
    let is_chosen = Memo::new(move |_| questions.chosen.get() == Some(number));
    let url = question.url.clone();
    let name = question.file_name.clone();
    let is_unknown = RwSignal::new(false);
    let question = StoredValue::new_local(question);
    let is_right = move || question.with_value(Question::is_right);
    let in_words = move || {
        let answer = question.with_value(|question| question.answer.get());
        match answer {
            Answer::Waiting => i18n::one_moment().to_owned(),
            Answer::Known(prediction) => prediction.label.unwrap_or_default(),
            Answer::Unreadable(why) | Answer::Unasked(why) => why,
        }
    };
    view! {
        <button
            type="button"
            class:on=move || is_chosen.get()
            class:right=move || is_right() == Some(true)
            class:not-right=move || is_right() == Some(false)
            aria-pressed=move || is_chosen.get().to_string()
            aria-label=move || i18n::picture_with_label(&name, &in_words())
            title=in_words
            on:click=move |_| questions.chosen.set(Some(number))
        >
            <img
                src=url.0.clone()
                alt=""
                loading="lazy"
                decoding="async"
                class:missing=is_unknown
                on:error=move |_| is_unknown.set(true)
            />
        </button>
    }
}
