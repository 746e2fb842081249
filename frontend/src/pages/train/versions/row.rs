//! One version: how good it is, what it was made of, and what can be done with it.

use crate::{
    api,
    components::{bar::Bar, confirm::Question, icons::Bin, renamable::Renamable, testid, toast::Toasts},
    dom, format, i18n,
    state::workspace::Workspace,
};
use dto::model::{Model, Status};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// `question` is where the row asks before it deletes.
#[component]
pub fn Version(model: Model, shown: Memo<Model>, question: RwSignal<Option<Question>>) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let now = dom::clock();
    let id = model.id;
    let name = model.name.clone();
    let is_active = Memo::new(move |_| workspace.active_model().is_some_and(|active| active.id == id));
    let is_shown = Memo::new(move |_| shown.with(|shown| shown.id == id));
    let rename = move |new: String| {
        spawn_local(async move {
            match api::train::rename(id, &new).await {
                _ if workspace.is_closed() => {}
                Ok(model) => {
                    workspace.older_models.renamed(&model);
                    workspace.refresh_models();
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let address = format!("/projects/{}/train?model={id}", workspace.id);
    let outcome = match (model.status, model.accuracy) {
        (Status::Ready, Some(accuracy)) => format::percent(accuracy),
        (status, _) => i18n::status(status).to_owned(),
    };
    let likely = model.accuracy_interval.map(|range| i18n::likely(&format::percent_range(range)));
    let seconds = model.train_seconds.map(format::seconds);
    let made_of = i18n::made_of(model.mode, model.backbone, model.image_count, seconds.as_deref());
    let created = model.created_at;
    let link_name = name.clone();
    let (version, status) = (model.version, model.status.as_str());
    view! {
        <li
            class:shown=move || is_shown.get()
            data-testid=testid::VERSION_ROW
            data-version=version
            data-status=status
            data-active=move || is_active.get().to_string()
        >
            <Renamable value=name.clone() on_change=rename label=i18n::rename_version(&name)>
                <a href=address.clone() aria-current=move || is_shown.get().then_some("true") class="ellipsis">
                    <b>{link_name.clone()}</b>
                </a>
            </Renamable>
            <span class="outcome num">
                <b>{outcome}</b>
                " "
                <span class="muted small">{likely}</span>
            </span>
            {model.accuracy.map(|accuracy| view! { <Bar share=Signal::derive(move || accuracy) /> })}
            <p class="muted small num facts">
                {made_of} " · " {move || i18n::ago(format::ago(created, now.get()))}
            </p>
            <Acts model=model is_active=is_active question=question />
        </li>
    }
}

/// Use and delete.
#[component]
fn Acts(model: Model, is_active: Memo<bool>, question: RwSignal<Option<Question>>) -> impl IntoView {
    let workspace = Workspace::get();
    let toasts = Toasts::get();
    let id = model.id;
    let name = StoredValue::new(model.name.clone());
    let is_ready = model.status == Status::Ready;
    let use_it = move |_| {
        let name = name.get_value();
        spawn_local(async move {
            match api::projects::choose_model(workspace.id, Some(id)).await {
                _ if workspace.is_closed() => {}
                Ok(_) => {
                    workspace.refresh_models();
                    toasts.info(i18n::version_in_use(&name));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let delete = move |()| {
        let name = name.get_value();
        spawn_local(async move {
            match api::train::delete(id).await {
                _ if workspace.is_closed() => {}
                Ok(()) => {
                    workspace.older_models.deleted(id);
                    workspace.run.forget(id);
                    workspace.refresh_models();
                    toasts.info(i18n::version_deleted(&name));
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    let ask = move |_| {
        let text = match model.status {
            Status::Queued | Status::Running => i18n::delete_run_text(),
            _ if is_active.get_untracked() => i18n::delete_model_text_in_use(),
            _ => i18n::delete_model_text(),
        };
        question.set(Some(Question {
            title: i18n::delete_version_title(&name.get_value()),
            text: text.into(),
            yes: i18n::delete().into(),
            on_yes: Arc::new(move || delete(())),
        }));
    };
    view! {
        <div class="acts">
            {move || match (is_ready, is_active.get()) {
                (_, true) => {
                    view! {
                        <span class="in-use small" title=i18n::in_use_help()>
                            {i18n::in_use_now()}
                        </span>
                    }
                        .into_any()
                }
                (true, false) => {
                    view! {
                        <button
                            type="button"
                            class="btn"
                            title=i18n::use_this_help()
                            aria-label=i18n::use_version(&name.get_value())
                            data-testid=testid::VERSION_USE
                            on:click=use_it
                        >
                            {i18n::use_this()}
                        </button>
                    }
                        .into_any()
                }
                (false, false) => ().into_any(),
            }}
            <button
                type="button"
                class="btn quiet icon-only"
                aria-label=i18n::delete_version(&name.get_value())
                title=i18n::delete()
                data-testid=testid::VERSION_DELETE
                on:click=ask
            >
                <Bin />
            </button>
        </div>
    }
}
