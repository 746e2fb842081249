//! Begins a new project and leads to it.

use crate::{
    api,
    components::{field::FieldError, testid},
    i18n,
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

#[component]
pub fn NewProject() -> impl IntoView {
    let navigate = StoredValue::new_local(use_navigate());
    let input = NodeRef::<html::Input>::new();
    let name = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let create = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let wanted = name.get_untracked().trim().to_owned();
        if wanted.is_empty() {
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = api::projects::create(&wanted).await;
            if busy.is_disposed() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(project) => {
                    navigate.with_value(|go| go(&format!("/projects/{}/label", project.id), Default::default()));
                }
                Err(problem) => error.set(Some(problem.to_string())),
            }
        });
    };
    view! {
        <form class="new-project field" on:submit=create>
            <div class="row">
                <input
                    node_ref=input
                    placeholder=i18n::name_it()
                    aria-label=i18n::new_project()
                    aria-invalid=move || error.get().is_some().to_string()
                    maxlength=dto::limits::NAME_CHARS.end().to_string()
                    autocomplete="off"
                    data-testid=testid::PROJECT_NEW
                    bind:value=name
                />
                <button type="submit" class="btn go" disabled=move || busy.get() data-testid=testid::PROJECT_CREATE>
                    {i18n::new_project()}
                </button>
            </div>
            <FieldError text=error />
        </form>
    }
}
