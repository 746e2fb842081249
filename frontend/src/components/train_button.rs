//! Train: the button, and why it can't be pressed yet.

use super::{testid, toast::Toasts};
use crate::{api, i18n, readiness, state::workspace::Workspace};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Starts a run and leads to where it can be watched. Beside it stands what is missing or has changed.
#[component]
pub fn TrainButton() -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let navigate = StoredValue::new_local(use_navigate());
    let starting = RwSignal::new(false);
    let gap = Memo::new(move |_| {
        let images = workspace.project.with(|project| project.as_ref().map(|project| project.image_count))?;
        workspace.labels.with(|labels| readiness::gap(images, labels.as_ref()?))
    });
    let busy = move || starting.get() || workspace.run.is_active();
    let known = move || workspace.project.with(Option::is_some) && workspace.labels.with(Option::is_some);
    let start = move |_| {
        if busy() || gap.get_untracked().is_some() {
            return;
        }
        starting.set(true);
        spawn_local(async move {
            let answer = api::train::start(workspace.id, &Default::default()).await;
            if starting.is_disposed() {
                return;
            }
            starting.set(false);
            match answer {
                Ok(model) => {
                    workspace.run.follow(model, workspace);
                    workspace.refresh_models();
                    navigate.with_value(|go| go(&format!("/projects/{}/train", workspace.id), Default::default()));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let hint = move || match gap.get() {
        Some(gap) => i18n::gap(&gap),
        None if busy() => String::new(),
        None => match workspace.mended.with(|mended| mended.len()) {
            0 => left_to_label(workspace),
            changed => i18n::changed_since(changed),
        },
    };
    let word = move || {
        if busy() {
            i18n::training()
        } else if workspace.models.with(|models| models.as_ref().is_some_and(|models| !models.is_empty())) {
            i18n::train_again()
        } else {
            i18n::train()
        }
    };
    view! {
        <span id="train-hint" class="muted small hint" role="status">
            {hint}
        </span>
        <button
            type="button"
            class="btn go"
            data-testid=testid::TRAIN_BUTTON
            disabled=move || busy() || !known() || gap.get().is_some()
            aria-describedby="train-hint"
            title=move || gap.get().map(|gap| i18n::gap(&gap))
            on:click=start
        >
            {word}
        </button>
    }
}

fn left_to_label(workspace: Workspace) -> String {
    let left =
        workspace.project.with(|project| project.as_ref().map(|project| project.image_count - project.labelled_count));
    left.filter(|left| *left > 0).map(i18n::left_to_label).unwrap_or_default()
}
