//! Train: the button, and why it can't be pressed yet.

use super::{testid, toast::Toasts};
use crate::{
    api, i18n,
    readiness::{self, Gap},
    state::workspace::Workspace,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// The header's button. Beside it stands what is missing or has changed.
#[component]
pub fn TrainButton() -> impl IntoView {
    let workspace = Workspace::get();
    let gap = gap(workspace);
    let hint = move || match gap.get() {
        Some(gap) => i18n::gap(&gap),
        None if workspace.run.is_busy() => String::new(),
        None => match workspace.mended.with(|mended| mended.len()) {
            0 => left_to_label(workspace).or_else(|| new_since(workspace)).unwrap_or_default(),
            changed => i18n::changed_since(changed),
        },
    };
    view! {
        <span id="train-hint" class="muted small hint" role="status">
            {hint}
        </span>
        <StartButton testid=testid::TRAIN_BUTTON />
    }
}

/// Starts a run as planned, and leads to where it can be watched.
#[component]
pub fn StartButton(testid: &'static str) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let navigate = StoredValue::new_local(use_navigate());
    let gap = gap(workspace);
    let known = move || workspace.project.with(Option::is_some) && workspace.labels.with(Option::is_some);
    let watch = move || {
        let address = format!("/projects/{}/train", workspace.id);
        let _ = navigate.try_with_value(|go| go(&address, Default::default()));
    };
    let start = move |_| {
        if workspace.run.is_busy() || gap.get_untracked().is_some() {
            return;
        }
        let Some(request) = workspace.plan.request() else {
            watch();
            return;
        };
        workspace.run.starting.set(true);
        spawn_local(async move {
            let answer = api::train::start(workspace.id, &request).await;
            if workspace.is_closed() {
                return;
            }
            workspace.run.starting.set(false);
            match answer {
                Ok(model) => {
                    workspace.run.follow(model, workspace);
                    workspace.refresh_models();
                    watch();
                }
                Err(error) if workspace.plan.refuse(&error) => watch(),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let word = move || {
        if workspace.run.is_busy() {
            i18n::training()
        } else if workspace.models.with(|models| models.as_ref().is_some_and(|models| !models.is_empty())) {
            i18n::train_again()
        } else {
            i18n::train()
        }
    };
    view! {
        <button
            type="button"
            class="btn go"
            data-testid=testid
            disabled=move || workspace.run.is_busy() || !known() || gap.get().is_some()
            aria-describedby="train-hint"
            title=move || gap.get().map(|gap| i18n::gap(&gap))
            on:click=start
        >
            {word}
        </button>
    }
}

/// What is missing before training can begin.
pub fn gap(workspace: Workspace) -> Memo<Option<Gap>> {
    Memo::new(move |_| {
        let images = workspace.project.with(|project| project.as_ref().map(|project| project.image_count))?;
        workspace.labels.with(|labels| readiness::gap(images, labels.as_ref()?))
    })
}

fn left_to_label(workspace: Workspace) -> Option<String> {
    let left =
        workspace.project.with(|project| project.as_ref().map(|project| project.image_count - project.labelled_count));
    left.filter(|left| *left > 0).map(i18n::left_to_label)
}

/// How many pictures the model in use has not learned from, though it could have.
fn new_since(workspace: Workspace) -> Option<String> {
    let learned = workspace.active_model()?.image_count;
    let fit: u64 = workspace.labels.with(|labels| {
        let counts = labels.iter().flatten().map(|label| label.image_count);
        counts.filter(|count| *count >= readiness::PICTURES_PER_LABEL).sum()
    });
    fit.checked_sub(learned).filter(|new| *new > 0).map(i18n::new_since)
}
