//! Train: watch a run, see how good the model is, mend what it stumbles over.

mod advanced;
mod all_results;
mod compare;
mod curves;
mod doubt;
mod epochs;
mod evaluation;
mod mistake_card;
mod mistakes;
mod outcome;
mod plot;
mod progress;
mod repeat;
mod summary;
mod time_left;
mod versions;

use crate::components::show::Show;
use crate::state::reading::Reading;
use crate::{
    api,
    components::{
        empty::Empty,
        failure::Failure,
        looked::{LookDialog, Looking},
        testid,
        train_button::{StartButton, gap},
    },
    dom, i18n,
    state::workspace::Workspace,
};
use advanced::Advanced;
use compare::Compare;
use curves::Curves;
use dto::{
    ModelId,
    model::{Model, Status},
};
use epochs::Epochs;
use evaluation::Details;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use mistakes::Mistakes;
use outcome::{Cancelled, Failed};
use progress::RunProgress;
use repeat::Repeat;
use summary::Summary;
use versions::Versions;

#[component]
pub fn TrainPage() -> impl IntoView {
    let workspace = Workspace::get();
    dom::title(move || {
        i18n::title_in(i18n::step_train(), workspace.project.get().map(|project| project.name).as_deref())
    });
    let looking = Looking::provide();
    let query = use_query_map();
    // The version in the address, else the newest.
    let shown_id = Memo::new(move |_| {
        let asked: Option<ModelId> = query.with(|query| query.get_str("model").and_then(|id| id.parse().ok()));
        asked.or_else(|| newest(workspace))
    });
    // Lists may leave out epochs; a run under way is known from its events.
    let fetched = Reading::new(move || {
        let wanted = shown_id.get().filter(|id| workspace.run.model_with_id(*id).is_none());
        async move {
            match wanted {
                Some(id) => Some(api::train::get(id).await),
                None => None,
            }
        }
    });
    let model = Memo::new(move |_| {
        let id = shown_id.get()?;
        let fetched = || fetched.get().flatten().and_then(Result::ok).filter(|model| model.id == id);
        workspace.run.model_with_id(id).or_else(fetched)
    });
    let error =
        Memo::new(move |_| model.get().is_none().then(|| fetched.get().flatten().and_then(Result::err)).flatten());
    // What decides which parts there are; everything else changes within them.
    let kind = Memo::new(move |_| model.with(|model| model.as_ref().map(|model| (model.id, model.status))));
    let nothing_yet = move || workspace.models.with(Option::is_some) && shown_id.get().is_none();
    view! {
        <main class="train-page">
            {move || match (kind.get(), model.get_untracked()) {
                (Some((_, status)), Some(first)) => {
                    view! { <Shown model=known(first, model) status=status /> }.into_any()
                }
                _ if nothing_yet() => view! { <NothingYet /> }.into_any(),
                _ => match error.get() {
                    Some(error) => {
                        view! { <Failure error=error retry=move |()| fetched.refetch() /> }.into_any()
                    }
                    None => view! { <p class="muted all" role="status">{i18n::loading()}</p> }.into_any(),
                },
            }}
            <LookDialog looking=looking />
        </main>
    }
}

/// The newest model or run. A run that has just begun is not in the list yet.
fn newest(workspace: Workspace) -> Option<ModelId> {
    let run = workspace.run.model.with(|model| model.as_ref().map(|model| (model.version, model.id)));
    let listed = workspace
        .models
        .with(|models| models.as_ref().and_then(|models| models.iter().map(|model| (model.version, model.id)).max()));
    run.max(listed).map(|(_, id)| id)
}

/// The model for parts that are only there while there is one. They keep the last one while they are being removed.
fn known(first: Model, model: Memo<Option<Model>>) -> Memo<Model> {
    Memo::new(move |last: Option<&Model>| model.get().or_else(|| last.cloned()).unwrap_or_else(|| first.clone()))
}

#[component]
fn Shown(model: Memo<Model>, status: Status) -> impl IntoView {
    let has_epochs = Memo::new(move |_| model.with(|model| !model.epochs.is_empty()));
    let id = model.with_untracked(|model| model.id);
    let evaluating = (status == Status::Ready).then(|| evaluation::read(id));
    view! {
        {match status {
            Status::Queued | Status::Running => view! { <RunProgress model=model /> }.into_any(),
            Status::Ready => view! { <Summary model=model evaluating=evaluating /> }.into_any(),
            Status::Failed => view! { <Failed model=model /> }.into_any(),
            Status::Cancelled => view! { <Cancelled model=model /> }.into_any(),
        }}
        <Show when=move || has_epochs.get() || !status.is_over()>
            <Curves model=model />
        </Show>
        {evaluating.map(|evaluating| view! { <Details evaluating=evaluating /> })}
        <Versions shown=model />
        <Show when=move || has_epochs.get() || !status.is_over()>
            <Epochs model=model />
        </Show>
        {evaluating
            .map(|_| {
                view! {
                    <Compare shown=model />
                    <Repeat shown=model />
                }
            })}
        <Advanced />
        {evaluating.map(|_| view! { <Mistakes model=id /> })}
    }
}

#[component]
fn NothingYet() -> impl IntoView {
    let workspace = Workspace::get();
    let gap = gap(workspace);
    view! {
        <div class="card all">
            {move || {
                if gap.with(Option::is_some) || workspace.labels.with(Option::is_none) {
                    view! {
                        <Empty title=i18n::nothing_trained() text=i18n::nothing_trained_help()>
                            <a href=format!("/projects/{}/label", workspace.id) class="btn">
                                {i18n::to_label()}
                            </a>
                        </Empty>
                    }
                        .into_any()
                } else {
                    view! {
                        <Empty title=i18n::ready_to_train() text=i18n::ready_to_train_help()>
                            <StartButton testid=testid::TRAIN_FIRST />
                        </Empty>
                    }
                        .into_any()
                }
            }}
        </div>
        <Advanced />
    }
}
