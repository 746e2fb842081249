//! Learning while somebody labels: the switch, and how good the draft is.

use crate::components::show::Show;
use crate::state::reading::Reading;
use crate::{
    api,
    components::{testid, toast::Toasts},
    dom, format, i18n,
    state::workspace::Workspace,
};
use dto::{ModelId, model::Model};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// When to look for a new draft after labels have changed: the server waits for a burst to end, then learns for a second.
const LOOKS: [Duration; 5] = [
    Duration::from_millis(800),
    Duration::from_millis(1_200),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

#[component]
pub fn LearnWhileLabelling() -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let learns = Memo::new(move |_| {
        workspace.project.with(|project| project.as_ref().is_some_and(|project| project.learns_as_labelled))
    });
    look_after_changes(workspace, learns);
    let switch = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        let wanted = event.target().checked();
        spawn_local(async move {
            let answer = api::projects::learn_as_labelled(workspace.id, wanted).await;
            if workspace.is_closed() {
                return;
            }
            if let Err(error) = answer {
                event.target().set_checked(!wanted);
                toasts.error(&error);
            }
            workspace.refresh_counts();
        });
    };
    view! {
        <div class="row learns">
            <Show when=move || learns.get()>
                <DraftAccuracy />
            </Show>
            <label class="small" title=i18n::learn_help()>
                <input
                    type="checkbox"
                    role="switch"
                    data-testid=testid::LEARNS
                    prop:checked=move || learns.get()
                    on:change:target=switch
                />
                {i18n::learn_while_labelling()}
            </label>
        </div>
    }
}

#[component]
fn DraftAccuracy() -> impl IntoView {
    let id = draft(Workspace::get());
    let reading = Reading::new(move || {
        let id = id.get();
        async move {
            match id {
                Some(id) => api::train::get(id).await.ok(),
                None => None,
            }
        }
    });
    // A draft is deleted when the next one is there; until that is read, the last one known stays.
    let known = Memo::new(move |last: Option<&Option<Model>>| {
        let last = last.cloned().flatten();
        id.get().and_then(|_| reading.get().flatten().or(last))
    });
    let text = move || {
        known.with(|draft| match draft.as_ref().and_then(|draft| Some((draft.accuracy?, draft.accuracy_interval))) {
            Some((accuracy, range)) => {
                i18n::draft(&format::percent(accuracy), range.map(format::percent_range).as_deref())
            }
            None => i18n::draft_waits().to_owned(),
        })
    };
    view! {
        <span class="small num" role="status" data-testid=testid::DRAFT>
            {text}
        </span>
    }
}

/// The project's draft.
pub fn draft(workspace: Workspace) -> Memo<Option<ModelId>> {
    Memo::new(move |_| workspace.project.with(|project| project.as_ref()?.draft_model_id))
}

/// Looks for a new draft a few times after each change of labels. The first one that comes may still be that of the
/// change before.
fn look_after_changes(workspace: Workspace, learns: Memo<bool>) {
    Effect::new(move || {
        let change = workspace.label_changes.get();
        if !learns.get() {
            return;
        }
        spawn_local(async move {
            for pause in LOOKS {
                dom::sleep(pause).await;
                if workspace.label_changes.try_get_untracked() != Some(change) {
                    return;
                }
                workspace.refresh_project();
            }
        });
    });
}
