//! The projects one has: open, begin, rename or delete one.

mod card;
mod delete;
mod new;

use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    api,
    components::{
        empty::Empty,
        header::SiteHeader,
        more::{More, Paged},
        require_login::RequireLogin,
    },
    dom, i18n,
};
use card::ProjectCard;
use delete::{DeleteProject, Doom};
use leptos::prelude::*;
use new::NewProject;

/// Cards on one page of the list: each has a picture to load.
const PAGE: u32 = 24;

#[component]
pub fn ProjectsPage() -> impl IntoView {
    dom::title(|| i18n::title_of(i18n::projects()));
    view! {
        <RequireLogin>
            <SiteHeader />
            <Projects />
        </RequireLogin>
    }
}

#[component]
fn Projects() -> impl IntoView {
    let list = Paged::new(|cursor| api::projects::list(cursor, PAGE));
    let doom = Doom::new();
    view! {
        <main class="projects-page">
            <div class="row head">
                <h1 class="grow">{i18n::projects()}</h1>
                <NewProject />
            </div>
            <Show when=move || list.is_empty()>
                <div class="card">
                    <Empty title=i18n::no_projects() text=i18n::no_projects_help() />
                </div>
            </Show>
            <ul class="project-cards">
                <Each
                    each=move || list.items.get()
                    key=|project| project.id
                    children=move |project| view! { <ProjectCard project=project doom=doom /> }
                />
            </ul>
            <More reading=list.reading />
            <DeleteProject doom=doom list=list />
        </main>
    }
}
