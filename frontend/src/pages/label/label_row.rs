//! One label of the panel.

use super::Asking;
use crate::{
    api, color,
    components::{confirm::Question, icons::Bin, name_field::NameField, testid, toast::Toasts},
    format, i18n,
    state::{gallery::Filter, workspace::Workspace},
};
use dto::label::Label;
use leptos::{prelude::*, task::spawn_local};

/// `key_number` is the key that gives this label to the selected pictures.
#[component]
pub fn LabelRow(label: Label, key_number: Option<usize>) -> impl IntoView {
    let workspace = Workspace::get();
    let Asking(question) = expect_context();
    let toasts = Toasts::get();
    let error = RwSignal::new(None::<String>);
    let id = label.id;
    let name = StoredValue::new(label.name.clone());
    // The count changes far more often than what the row is keyed by.
    let image_count = Memo::new(move |_| workspace.label(id).map_or(0, |label| label.image_count));

    let rename = move |new_name: String| {
        spawn_local(async move {
            let answer = api::labels::rename(id, &new_name).await;
            error.try_set(answer.err().map(|error| error.to_string()));
            workspace.refresh_counts();
        });
    };
    let delete = Callback::new(move |()| {
        spawn_local(async move {
            match api::labels::delete(id).await {
                Ok(()) => workspace.gallery.forget_label(id),
                Err(error) => toasts.error(&error),
            }
            workspace.refresh_counts();
        });
    });
    let ask = move |_| {
        question.set(Some(Question {
            title: i18n::delete_label_title(&name.get_value()),
            text: i18n::delete_label_text(image_count.get_untracked()),
            yes: i18n::delete_label().into(),
            on_yes: delete,
        }));
    };
    view! {
        <li
            class:on=move || workspace.gallery.filter.get() == Filter::Label(id)
            style=format!("--c:{}", color::css(&label.color))
            data-testid=testid::LABEL_ITEM
            data-label-name=label.name.clone()
        >
            <span class="dot" aria-hidden="true"></span>
            <NameField
                value=Signal::derive(move || name.get_value())
                on_change=rename
                label=i18n::name_of_label(&label.name)
                error=error
                testid=testid::LABEL_NAME
            />
            <span class="muted num small" title=move || i18n::pictures(image_count.get())>
                {move || format::count(image_count.get())}
            </span>
            {key_number.map(|number| view! { <kbd aria-hidden="true">{number}</kbd> })}
            <button
                type="button"
                class="btn quiet icon-only"
                aria-label=i18n::delete_label_named(&label.name)
                title=i18n::delete_label()
                data-testid=testid::LABEL_DELETE
                on:click=ask
            >
                <Bin />
            </button>
        </li>
    }
}
