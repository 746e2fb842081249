//! How far the questions are: what is left, a way to stop, and to ask again.

use super::asked::Questions;
use crate::components::show::Show;
use crate::{
    components::{bar::ProgressBar, testid},
    i18n,
};
use leptos::prelude::*;

#[component]
pub fn Sending(questions: Questions) -> impl IntoView {
    let all = move || questions.list.with(Vec::len);
    let left = Memo::new(move |_| questions.left());
    let done = move || all() - left.get().0.min(all());
    view! {
        <Show when=move || { left.get().0 > 0 && all() > 1 }>
            <div class="sending">
                <div class="row">
                    <span class="grow num small" role="status" data-testid=testid::PREDICT_PROGRESS>
                        {move || i18n::asking(done(), all())}
                    </span>
                    <button
                        type="button"
                        class="btn small"
                        data-testid=testid::PREDICT_STOP
                        on:click=move |_| questions.stop()
                    >
                        {i18n::cancel()}
                    </button>
                </div>
                <ProgressBar share=Signal::derive(move || done() as f64 / all().max(1) as f64) name=i18n::pupil_looks() />
            </div>
        </Show>
        <Show when=move || { left.get().1 > 0 }>
            <div class="row sending">
                <span class="grow num small bad-text" role="status">
                    {move || i18n::not_asked_about(left.get().1)}
                </span>
                <button
                    type="button"
                    class="btn small"
                    data-testid=testid::PREDICT_RETRY
                    on:click=move |_| questions.retry()
                >
                    {i18n::try_again()}
                </button>
            </div>
        </Show>
    }
}
