//! The project's name, and a menu to rename it, open another or begin a new one.

use super::{icons::Chevron, leave_guard::LeaveGuard, menu::Menu, name_field::NameField, toast::Toasts};
use crate::state::reading::Reading;
use crate::{api, i18n, state::workspace::Workspace};
use dto::project::Project;
use leptos::{ev, html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

/// Projects in the menu; the page of all projects has the others.
const SHOWN: u32 = 50;

#[component]
pub fn ProjectMenu() -> impl IntoView {
    let workspace = Workspace::get();
    let open = RwSignal::new(false);
    let name = move || workspace.project.with(|project| project.as_ref().map(|project| project.name.clone()));
    view! {
        <Menu
            open=open
            button=view! {
                <span class="project-name">{name}</span>
                <Chevron />
            }
                .into_any()
        >
            <Rename />
            <OtherProjects />
            <NewProject />
        </Menu>
    }
}

#[component]
fn Rename() -> impl IntoView {
    let workspace = Workspace::get();
    let error = RwSignal::new(None::<String>);
    let name = move || workspace.project.with(|project| project.as_ref().map(|project| project.name.clone()));
    let rename = move |name: String| {
        spawn_local(async move {
            let answer = api::projects::rename(workspace.id, &name).await;
            error.try_set(answer.err().map(|error| error.to_string()));
            workspace.refresh_models();
        });
    };
    view! {
        <div class="field">
            <span class="small muted">{i18n::project_name()}</span>
            <NameField
                value=Signal::derive(move || name().unwrap_or_default())
                on_change=rename
                label=i18n::project_name()
                error=error
            />
        </div>
    }
}

#[component]
fn OtherProjects() -> impl IntoView {
    let workspace = Workspace::get();
    let projects = Reading::new(|| api::projects::list(None, SHOWN));
    let row = move |project: Project| {
        let is_open = project.id == workspace.id;
        view! {
            <li>
                <a href=format!("/projects/{}/label", project.id) aria-current=is_open.then_some("true")>
                    <span class="grow ellipsis">{project.name}</span>
                    <span class="muted small num">{i18n::pictures(project.image_count)}</span>
                </a>
            </li>
        }
    };
    view! {
        <ul class="projects" aria-label=i18n::projects()>
            {move || match projects.get() {
                None => ().into_any(),
                Some(Ok(page)) => page.items.into_iter().map(row).collect_view().into_any(),
                Some(Err(error)) => view! { <li class="field-error">{error.to_string()}</li> }.into_any(),
            }}
        </ul>
        <a href="/projects" class="small all-projects">{i18n::all_projects()}</a>
    }
}

#[component]
fn NewProject() -> impl IntoView {
    let toasts = Toasts::get();
    let navigate = StoredValue::new_local(use_navigate());
    let guard = LeaveGuard::get();
    let input = NodeRef::<html::Input>::new();
    let create = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let name = input.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default();
        if name.is_empty() {
            return;
        }
        spawn_local(async move {
            match api::projects::create(&name).await {
                Ok(project) => {
                    let path = format!("/projects/{}/label", project.id);
                    guard.leave(move || {
                        let _ = navigate.try_with_value(|go| go(&path, Default::default()));
                    });
                }
                Err(error) => toasts.error(&error),
            }
        });
    };
    view! {
        <form class="add" on:submit=create>
            <span class="muted" aria-hidden="true">"+"</span>
            <input
                node_ref=input
                placeholder=i18n::new_project_enter()
                aria-label=i18n::new_project_enter()
                maxlength=dto::limits::NAME_CHARS.end().to_string()
                autocomplete="off"
            />
        </form>
    }
}
