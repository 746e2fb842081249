//! A run under way: what it is doing, how far it is, and a way to stop it.

use super::time_left::{Seen, seconds_left};
use crate::components::show::Show;
use crate::{
    api,
    components::{bar::ProgressBar, testid, toast::Toasts},
    format, i18n,
    state::workspace::Workspace,
};
use dto::model::{Mode, Model, Phase};
use leptos::{prelude::*, task::spawn_local};

#[component]
pub fn RunProgress(model: Memo<Model>) -> impl IntoView {
    let workspace = Workspace::get();
    let phase = Memo::new(move |_| model.with(|model| model.phase));
    let title = move || match phase.get() {
        None => i18n::waiting(),
        Some(Phase::Embedding) => i18n::phase_embedding(),
        Some(Phase::Training) => i18n::phase_training(),
        Some(Phase::Evaluating) => i18n::phase_evaluating(),
    };
    let share = move || model.with(share);
    let so_far = move || {
        let epoch = model.with(|model| model.epochs.last().copied())?;
        Some(format::percent(epoch.validation_accuracy.unwrap_or(epoch.accuracy)))
    };
    let left = time_left(model);
    view! {
        <section class="card hero" aria-label=i18n::training()>
            <p class="muted num">{move || i18n::version(model.with(|model| model.version))}</p>
            <h1 role="status" data-testid=testid::RUN_PHASE>{title}</h1>
            {move || so_far().map(|percent| view! {
                <p class="big num">{percent} " " <small>{i18n::so_far()}</small></p>
            })}
            <p class="muted num" data-testid=testid::RUN_PROGRESS>{move || model.with(detail)}</p>
            <ProgressBar share=Signal::derive(share) name=i18n::training() />
            {move || left.get().map(|left| view! { <p class="muted num">{i18n::time_left(left)}</p> })}
            <Show when=move || workspace.run.interrupted.get()>
                <p class="bad-text" role="alert">{i18n::run_interrupted()}</p>
            </Show>
            <div class="row bottom">
                <CancelButton model=model />
                <p class="muted small grow">{i18n::goes_on()}</p>
            </div>
        </section>
    }
}

#[component]
fn CancelButton(model: Memo<Model>) -> impl IntoView {
    let toasts = Toasts::get();
    let cancelling = RwSignal::new(false);
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
        <button
            type="button"
            class="btn"
            disabled=move || cancelling.get()
            title=i18n::cancelling_help()
            data-testid=testid::RUN_CANCEL
            on:click=cancel
        >
            {move || if cancelling.get() { i18n::stopping() } else { i18n::cancel() }}
        </button>
    }
}

/// How far the phase is, in words.
fn detail(model: &Model) -> String {
    let (done, total) = (model.progress.done, model.progress.total);
    match (model.phase, model.mode) {
        (None, _) => i18n::waiting_help().to_owned(),
        (Some(Phase::Embedding), _) => i18n::looking_at(done, total),
        (Some(Phase::Training), Mode::Instant) => i18n::epoch_under_way(model),
        (Some(Phase::Training), Mode::FineTune) => {
            format!("{} · {}", i18n::epoch_under_way(model), i18n::in_this_epoch(done, total))
        }
        (Some(Phase::Evaluating), _) => i18n::evaluating_help().to_owned(),
    }
}

/// How much of the phase is done, 0 to 1; of the whole run while fine-tuning.
fn share(model: &Model) -> f64 {
    let of_phase = of_phase(model);
    if is_fine_tuning(model) {
        (model.epochs.len() as f64 + of_phase) / f64::from(model.settings.max_epochs.max(1))
    } else {
        of_phase
    }
}

fn of_phase(model: &Model) -> f64 {
    match model.progress.total {
        0 => 0.0,
        total => model.progress.done as f64 / total as f64,
    }
}

fn is_fine_tuning(model: &Model) -> bool {
    (model.mode, model.phase) == (Mode::FineTune, Some(Phase::Training))
}

/// Seconds left while fine-tuning. An instant run is over before one has read that.
fn time_left(model: Memo<Model>) -> Memo<Option<f64>> {
    // The pace of the first epoch is measured from when the page first saw it.
    let first_seen = StoredValue::new(None::<(f64, f64)>);
    Memo::new(move |_| {
        model.with(|model| {
            if !is_fine_tuning(model) {
                return None;
            }
            let (now, share) = (js_sys::Date::now(), of_phase(model));
            let (begun, share_then) = first_seen.get_value().unwrap_or_else(|| {
                first_seen.set_value(Some((now, share)));
                (now, share)
            });
            let seen = Seen { share: share - share_then, seconds: (now - begun) / 1000.0 };
            seconds_left(&model.epochs, model.settings.max_epochs, share, seen)
        })
    })
}
