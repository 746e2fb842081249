//! Above the grid: which pictures are shown, and what to do with the selected ones.

use crate::{
    color,
    components::{label_select::LabelSelect, testid, toast::Toasts},
    format, i18n,
    state::{gallery::Filter, workspace::Workspace},
};
use leptos::prelude::*;

#[component]
pub fn Toolbar() -> impl IntoView {
    let workspace = Workspace::get();
    let nothing_selected = move || workspace.selection.is_empty();
    view! {
        <div class="tools">
            <Show when=nothing_selected fallback=SelectionTools>
                <Filters />
            </Show>
        </div>
    }
}

#[component]
fn Filters() -> impl IntoView {
    let workspace = Workspace::get();
    let all = move || workspace.project.with(|project| project.as_ref().map_or(0, |project| project.image_count));
    let unlabelled = move || {
        workspace
            .project
            .with(|project| project.as_ref().map_or(0, |project| project.image_count - project.labelled_count))
    };
    let labels = move || workspace.labels.get().unwrap_or_default();
    view! {
        <div class="chips" role="group" aria-label=i18n::show_which()>
            <Chip filter=Filter::All name=i18n::all() count=Signal::derive(all) />
            <Chip filter=Filter::Unlabelled name=i18n::not_labelled() count=Signal::derive(unlabelled) />
            <For each=labels key=|label| (label.id, label.name.clone(), label.color.clone()) let:label>
                <Chip
                    filter=Filter::Label(label.id)
                    name=label.name
                    color=color::css(&label.color)
                    count=Signal::derive(move || workspace.label(label.id).map_or(0, |label| label.image_count))
                />
            </For>
        </div>
    }
}

#[component]
fn Chip(
    filter: Filter,
    #[prop(into)] name: String,
    #[prop(into, optional)] color: Option<String>,
    count: Signal<u64>,
) -> impl IntoView {
    let gallery = Workspace::get().gallery;
    let tag = match filter {
        Filter::All => "all".to_owned(),
        Filter::Unlabelled => "unlabelled".to_owned(),
        Filter::Label(id) => id.to_string(),
    };
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || (gallery.filter.get() == filter).to_string()
            data-testid=testid::FILTER_CHIP
            data-filter=tag
            on:click=move |_| gallery.show(filter)
        >
            {color.map(|color| view! { <span class="dot" style=format!("--c:{color}") aria-hidden="true"></span> })}
            <span class="ellipsis">{name}</span>
            " "
            <span class="num">{move || format::count(count.get())}</span>
        </button>
    }
}

#[component]
fn SelectionTools() -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let selected = move || workspace.selection.ids.with(|ids| ids.len());
    let in_order = move || workspace.selection.in_order(&workspace.gallery.order());
    let label_all = move |label| {
        workspace.gallery.set_label(in_order(), label, workspace, toasts);
        workspace.selection.clear();
    };
    let delete_all = move |_| workspace.gallery.delete(in_order(), workspace, toasts);
    view! {
        <b class="num" role="status">{move || i18n::selected(selected())}</b>
        <LabelSelect
            labels=workspace.labels
            current=Signal::derive(|| None)
            on_pick=label_all
            name=i18n::label_selected()
            placeholder=i18n::label_as()
        />
        <button type="button" class="btn small bad-text" on:click=delete_all>
            {i18n::delete()}
        </button>
        <span class="grow"></span>
        <button
            type="button"
            class="btn quiet small"
            on:click=move |_| workspace.selection.select_all(&workspace.gallery.order())
        >
            {i18n::select_all()}
        </button>
        <button type="button" class="btn quiet small" on:click=move |_| workspace.selection.clear()>
            {i18n::clear_selection()}
        </button>
    }
}
