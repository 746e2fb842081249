//! The question before a project is deleted. Its name has to be typed: much may be lost.

use crate::{
    api::{self, ApiError},
    components::{dialog::Dialog, field::FieldError, more::Paged, testid, toast::Toasts},
    i18n,
};
use dto::project::Project;
use leptos::{ev, prelude::*, task::spawn_local};

/// The project that may be deleted, and whether one is being asked about it.
#[derive(Clone, Copy)]
pub struct Doom {
    project: RwSignal<Option<Project>>,
    open: RwSignal<bool>,
}

impl Doom {
    pub fn new() -> Self {
        Self { project: RwSignal::new(None), open: RwSignal::new(false) }
    }

    /// Asks whether this one is to be deleted.
    pub fn ask(self, project: Project) {
        self.project.set(Some(project));
        self.open.set(true);
    }
}

#[component]
pub fn DeleteProject(doom: Doom, list: Paged<Project>) -> impl IntoView {
    let title = move || {
        let name = doom.project.with(|project| project.as_ref().map(|project| project.name.clone()));
        name.map(|name| i18n::delete_project_title(&name)).unwrap_or_default()
    };
    view! {
        <Dialog open=doom.open name=Signal::derive(title)>
            {move || {
                doom.project
                    .get_untracked()
                    .map(|project| view! { <Question project=project open=doom.open list=list /> })
            }}
        </Dialog>
    }
}

#[component]
fn Question(project: Project, open: RwSignal<bool>, list: Paged<Project>) -> impl IntoView {
    let toasts = Toasts::get();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let id = project.id;
    let name = StoredValue::new(project.name.clone());
    let is_meant = Memo::new(move |_| typed.with(|typed| name.with_value(|name| typed.trim() == name)));
    let delete = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !is_meant.get_untracked() {
            return;
        }
        busy.set(true);
        let name = name.get_value();
        spawn_local(async move {
            let answer = api::projects::delete(id).await;
            busy.try_set(false);
            match answer {
                Ok(()) => {
                    open.try_set(false);
                    list.items.try_update(|items| items.retain(|other| other.id != id));
                    toasts.info(i18n::project_deleted(&name));
                }
                Err(problem) => drop(error.try_set(Some(problem))),
            }
        });
    };
    view! {
        <form class="dialog-form" on:submit=delete>
            <h2>{i18n::delete_project_title(&project.name)}</h2>
            <p class="muted">{i18n::delete_project_text(project.image_count, project.label_count)}</p>
            <div class="field">
                <label for="delete-name">{i18n::type_to_confirm(&project.name)}</label>
                <input
                    id="delete-name"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus
                    data-testid=testid::CONFIRM_NAME
                    bind:value=typed
                />
            </div>
            <FieldError text=Signal::derive(move || error.get().map(|error| error.to_string())) />
            <div class="row end">
                <button type="button" class="btn" on:click=move |_| open.set(false)>
                    {i18n::cancel()}
                </button>
                <button
                    type="submit"
                    class="btn bad"
                    disabled=move || !is_meant.get() || busy.get()
                    data-testid=testid::CONFIRM_NAME_YES
                >
                    {i18n::delete()}
                </button>
            </div>
        </form>
    }
}
