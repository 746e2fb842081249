//! The labels.

use super::edit_label::{EditLabel, Editing};
use super::label_row::{Dragging, LabelRow};
use super::new_label::NewLabel;
use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    components::{bar::Bar, testid},
    i18n,
    state::workspace::Workspace,
};
use leptos::prelude::*;

/// As many labels as there are keys for them.
const KEYS: usize = 9;

#[component]
pub fn LabelsPanel(
    /// Opens the list of keys.
    help: RwSignal<bool>,
) -> impl IntoView {
    let workspace = Workspace::get();
    provide_context(Dragging(RwSignal::new(None)));
    provide_context(Editing(RwSignal::new(None)));
    let label_count = move || workspace.labels.with(|labels| labels.as_ref().map_or(0, Vec::len));
    let rows = move || workspace.labels.get().unwrap_or_default().into_iter().enumerate().collect::<Vec<_>>();
    let share_labelled = move || {
        workspace.project.with(|project| match project {
            Some(project) if project.image_count > 0 => project.labelled_count as f64 / project.image_count as f64,
            _ => 0.0,
        })
    };
    let has_pictures =
        move || workspace.project.with(|project| project.as_ref().is_some_and(|project| project.image_count > 0));
    let progress = move || {
        let project = workspace.project.get()?;
        Some(i18n::labelled_of(project.labelled_count, project.image_count))
    };
    let no_labels = move || workspace.labels.with(|labels| labels.as_ref().is_some_and(Vec::is_empty));
    view! {
        <aside class="labels-panel" aria-label=i18n::labels()>
            <h2>{i18n::labels()}</h2>
            <ul class="labels">
                <Each
                    each=rows
                    key=|(place, label)| (label.id, label.name.clone(), label.color.clone(), *place)
                    let((place, label))
                >
                    <LabelRow label=label key_number=(place < KEYS).then_some(place + 1) />
                </Each>
            </ul>
            <Show when=no_labels>
                <p class="muted small no-labels">{i18n::no_labels_yet()}</p>
            </Show>
            <NewLabel placeholder=i18n::add_label() name=i18n::add_label() testid=testid::LABEL_ADD>
                <span class="muted" aria-hidden="true">"+"</span>
            </NewLabel>
            <EditLabel />
            <Show when=has_pictures>
                <div class="progress">
                    <Bar share=Signal::derive(share_labelled) />
                    <p class="muted small num">{progress}</p>
                </div>
            </Show>
            <Show when=move || label_count() != 0 && has_pictures()>
                <p class="muted small keys">
                    <kbd>"1"</kbd>
                    {move || (label_count() > 1).then(|| view! { "–" <kbd>{label_count().min(KEYS)}</kbd> })} " "
                    {i18n::keys_help()} " "
                    <button type="button" class="link" on:click=move |_| help.set(true)>
                        {i18n::all_keys()}
                    </button>
                </p>
            </Show>
        </aside>
    }
}
