//! The question before a project is deleted. Its name has to be typed: much may be lost.

use crate::{
    api::{self, ApiError},
    components::{dialog::Dialog, field::FieldError, more::Paged, testid, toast::Toasts},
    i18n,
};
use dto::project::Project;
use leptos::{ev, prelude::*, task::spawn_local};

#[component]
pub fn DeleteProject(doomed: RwSignal<Option<Project>>, list: Paged<Project>) -> impl IntoView {
    let toasts = Toasts::get();
    let typed = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<ApiError>);
    let open = RwSignal::new(false);
    Effect::new(move || {
        open.set(doomed.with(Option::is_some));
        typed.set(String::new());
        error.set(None);
    });
    // Escape closes it too.
    Effect::new(move || {
        if !open.get() && doomed.with_untracked(Option::is_some) {
            doomed.set(None);
        }
    });
    let about = move |say: fn(&Project) -> String| move || doomed.with(|project| project.as_ref().map(say));
    let title = about(|project| i18n::delete_project_title(&project.name));
    let is_meant = Memo::new(move |_| {
        doomed.with(|project| project.as_ref().is_some_and(|project| typed.with(|typed| typed.trim() == project.name)))
    });
    let delete = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(project) = doomed.get_untracked().filter(|_| is_meant.get_untracked() && !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let answer = api::projects::delete(project.id).await;
            if busy.is_disposed() {
                return;
            }
            busy.set(false);
            match answer {
                Ok(()) => {
                    open.set(false);
                    list.items.update(|items| items.retain(|other| other.id != project.id));
                    toasts.info(i18n::project_deleted(&project.name));
                }
                Err(problem) => error.set(Some(problem)),
            }
        });
    };
    view! {
        <Dialog open=open name=Signal::derive(move || title().unwrap_or_default())>
            <form class="dialog-form" on:submit=delete>
                <h2>{title}</h2>
                <p class="muted">
                    {about(|project| i18n::delete_project_text(project.image_count, project.label_count))}
                </p>
                <div class="field">
                    <label for="delete-name">{about(|project| i18n::type_to_confirm(&project.name))}</label>
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
        </Dialog>
    }
}
