//! A run under way: what it is doing, how far it is, and a way to stop it.

use crate::{
    api,
    components::{bar::ProgressBar, toast::Toasts},
    format, i18n,
    state::workspace::Workspace,
};
use dto::model::{Model, Phase};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn RunProgress(model: Memo<Model>) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let cancelling = RwSignal::new(false);
    let phase = Memo::new(move |_| model.with(|model| model.phase));
    let title = move || match phase.get() {
        None => i18n::waiting(),
        Some(Phase::Embedding) => i18n::phase_embedding(),
        Some(Phase::Training) => i18n::phase_training(),
        Some(Phase::Evaluating) => i18n::phase_evaluating(),
    };
    let detail = move || {
        model.with(|model| match model.phase {
            None => i18n::waiting_help().to_owned(),
            Some(Phase::Embedding) => i18n::looking_at(model.progress.done, model.progress.total),
            Some(Phase::Training) => i18n::epoch_of(model.epochs.len() as u64, model.progress.total),
            Some(Phase::Evaluating) => i18n::evaluating_help().to_owned(),
        })
    };
    let share = move || {
        model.with(|model| match model.progress.total {
            0 => 0.0,
            total => model.progress.done as f64 / total as f64,
        })
    };
    let so_far = move || {
        let epoch = model.with(|model| model.epochs.last().copied())?;
        Some(format::percent(epoch.validation_accuracy.unwrap_or(epoch.accuracy)))
    };
    let cancel = move |_| {
        cancelling.set(true);
        spawn_local(async move {
            if let Err(error) = api::train::cancel(model.with_untracked(|model| model.id)).await {
                toasts.error(&error);
                cancelling.try_set(false);
            }
        });
    };
    view! {
        <section class="card hero" aria-label=i18n::training()>
            <p class="muted num">{move || i18n::version(model.with(|model| model.version))}</p>
            <h1 role="status">{title}</h1>
            {move || so_far().map(|percent| view! {
                <p class="big num">{percent} " " <small>{i18n::so_far()}</small></p>
            })}
            <p class="muted num">{detail}</p>
            <ProgressBar share=Signal::derive(share) name=i18n::training() />
            <Show when=move || workspace.run.interrupted.get()>
                <p class="bad-text" role="alert">{i18n::run_interrupted()}</p>
            </Show>
            <div class="row bottom">
                <button type="button" class="btn" disabled=move || cancelling.get() on:click=cancel>
                    {move || if cancelling.get() { i18n::stopping() } else { i18n::cancel() }}
                </button>
            </div>
        </section>
    }
}
