//! Above the grid: which pictures are shown, and what to do with the selected ones.

use super::address::Address;
use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    color,
    components::{label_select::LabelSelect, testid, toast::Toasts},
    format, i18n,
    state::{gallery::Filter, workspace::Workspace},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use std::time::Duration;

/// Typing goes on within this time: a search for every letter would be thrown away.
const BETWEEN_KEYS: Duration = Duration::from_millis(250);

#[component]
pub fn Toolbar() -> impl IntoView {
    let workspace = Workspace::get();
    let nothing_selected = move || workspace.selection.is_empty();
    view! {
        <div class="tools">
            <Show when=nothing_selected fallback=SelectionTools>
                <Filters />
                <Search />
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
            <Each each=labels key=|label| (label.id, label.name.clone(), label.color.clone()) let:label>
                <Chip
                    filter=Filter::Label(label.id)
                    name=label.name
                    color=color::css(&label.color)
                    count=Signal::derive(move || workspace.label(label.id).map_or(0, |label| label.image_count))
                />
            </Each>
        </div>
    }
}

#[component]
fn Search() -> impl IntoView {
    let gallery = Workspace::get().gallery;
    let address = Address::get();
    let typed = RwSignal::new(gallery.search.get_untracked());
    // Back and "show all" change it too.
    Effect::new(move || typed.set(gallery.search.get()));
    let wait = StoredValue::new(None::<TimeoutHandle>);
    let look = move || {
        if let Some(text) = typed.try_get_untracked() {
            address.search(text.trim());
        }
    };
    let on_input = move |_| {
        if let Some(wait) = wait.try_update_value(Option::take).flatten() {
            wait.clear();
        }
        wait.set_value(set_timeout_with_handle(look, BETWEEN_KEYS).ok());
    };
    view! {
        <input
            type="search"
            class="search"
            placeholder=i18n::find_by_name()
            aria-label=i18n::find_by_name()
            maxlength=dto::limits::FILE_NAME_CHARS.to_string()
            autocomplete="off"
            data-testid=testid::SEARCH
            bind:value=typed
            on:input=on_input
        />
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
    let address = Address::get();
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || (gallery.filter.get() == filter).to_string()
            data-testid=testid::FILTER_CHIP
            data-filter=filter.name()
            on:click=move |_| address.show(filter)
        >
            {color.map(|color| view! { <span class="dot" style=("--c", color) aria-hidden="true"></span> })}
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
    let is_loading = RwSignal::new(false);
    let select_all = move |_| {
        is_loading.set(true);
        spawn_local(async move {
            let loaded = workspace.gallery.load_to_end().await;
            is_loading.try_set(false);
            match loaded {
                _ if workspace.is_closed() => {}
                Ok(()) => workspace.selection.select_all(&workspace.gallery.order()),
                Err(error) => toasts.error(&error),
            }
        });
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
        <button type="button" class="btn quiet small" data-testid=testid::SELECT_ALL on:click=select_all disabled=is_loading>
            {move || {
                if is_loading.get() {
                    i18n::loading_all(workspace.gallery.tiles.with(Vec::len))
                } else {
                    i18n::select_all().to_owned()
                }
            }}
        </button>
        <button type="button" class="btn quiet small" on:click=move |_| workspace.selection.clear()>
            {i18n::clear_selection()}
        </button>
    }
}
