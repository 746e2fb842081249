//! A label's colour and place, and the way to delete it.

use super::{Asking, address::Address, label_row::move_to};
use crate::{
    api, color,
    components::{confirm::Question, dialog::Dialog, icons::Bin, testid, toast::Toasts},
    i18n,
    state::{gallery::Filter, workspace::Workspace},
};
use dto::{
    LabelId,
    label::{Label, LabelChange, PALETTE},
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// The label whose colour and place are being changed, known to all rows.
#[derive(Clone, Copy)]
pub struct Editing(pub RwSignal<Option<LabelId>>);

#[component]
pub fn EditLabel() -> impl IntoView {
    let workspace = Workspace::get();
    let Editing(editing) = expect_context();
    let open = RwSignal::new(false);
    Effect::new(move || open.set(editing.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && editing.with_untracked(Option::is_some) {
            editing.set(None);
        }
    });
    let inside = move || {
        let label = editing.get().and_then(|id| untrack(|| workspace.label(id)))?;
        Some(view! {
            <h2 class="ellipsis">{label.name.clone()}</h2>
            <Color label=label.clone() />
            <Place label=label.clone() />
            <div class="row">
                <Delete label=label open=open />
                <span class="grow"></span>
                <button type="button" class="btn" autofocus on:click=move |_| open.set(false)>
                    {i18n::close()}
                </button>
            </div>
        })
    };
    view! {
        <Dialog open=open name=i18n::edit_label()>
            {inside}
        </Dialog>
    }
}

#[component]
fn Color(label: Label) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let id = label.id;
    let now = RwSignal::new(label.color);
    let paint = move |color: String| {
        now.set(color.clone());
        let change = LabelChange { color: Some(color), ..Default::default() };
        spawn_local(async move {
            if let Err(error) = api::labels::change(id, &change).await {
                toasts.error(&error);
            }
            workspace.refresh_counts();
        });
    };
    let swatch = move |(color, name): (&'static str, &'static str)| {
        view! {
            <button
                type="button"
                class="swatch"
                style=("--c", color::css(color))
                aria-label=name
                title=name
                aria-pressed=move || now.with(|now| now.eq_ignore_ascii_case(color)).to_string()
                data-testid=testid::LABEL_COLOR
                data-color=color
                on:click=move |_| paint(color.to_owned())
            ></button>
        }
    };
    view! {
        <p class="small muted">{i18n::label_color()}</p>
        <div class="row swatches" role="group" aria-label=i18n::label_color()>
            {PALETTE.into_iter().zip(i18n::COLOR_NAMES).map(swatch).collect_view()}
            <input
                type="color"
                aria-label=i18n::another_color()
                title=i18n::another_color()
                prop:value=now
                on:change:target=move |event| paint(event.target().value())
            />
        </div>
    }
}

#[component]
fn Place(label: Label) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let place = move || position_of(workspace, label.id).unwrap_or(label.position);
    let count = move || workspace.labels.with(|labels| labels.as_ref().map_or(0, Vec::len) as u32);
    let is_last = move || place() + 1 >= count();
    let go = move |position: u32| move_to(label.id, position, workspace, toasts);
    view! {
        <p class="small muted">{i18n::label_place()}</p>
        <div class="row">
            <button
                type="button"
                class="btn small"
                data-testid=testid::LABEL_UP
                disabled=move || place() == 0
                on:click=move |_| go(untrack(place).saturating_sub(1))
            >
                {i18n::move_up()}
            </button>
            <button
                type="button"
                class="btn small"
                data-testid=testid::LABEL_DOWN
                disabled=is_last
                on:click=move |_| go(untrack(place) + 1)
            >
                {i18n::move_down()}
            </button>
        </div>
    }
}

#[component]
fn Delete(label: Label, open: RwSignal<bool>) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let address = Address::get();
    let Asking(question) = expect_context();
    let id = label.id;
    let delete = move || {
        spawn_local(async move {
            match api::labels::delete(id).await {
                Ok(()) if workspace.is_closed() => {}
                Ok(()) => {
                    workspace.gallery.forget_label(id);
                    if workspace.gallery.filter.get_untracked() == Filter::Label(id) {
                        address.show(Filter::All);
                    }
                }
                Err(error) => toasts.error(&error),
            }
            workspace.refresh_counts();
        });
    };
    let ask = move |_| {
        open.set(false);
        question.set(Some(Question {
            title: i18n::delete_label_title(&label.name),
            text: i18n::delete_label_text(untrack(|| workspace.label(id)).map_or(0, |label| label.image_count)),
            yes: i18n::delete_label().into(),
            on_yes: Arc::new(delete),
        }));
    };
    view! {
        <button type="button" class="btn bad-text" data-testid=testid::LABEL_DELETE on:click=ask>
            <Bin />
            {i18n::delete_label()}
        </button>
    }
}

fn position_of(workspace: Workspace, id: LabelId) -> Option<u32> {
    workspace.label(id).map(|label| label.position)
}
