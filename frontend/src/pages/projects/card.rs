//! One project: its picture, its name, and what is in it.

use super::delete::Doom;
use crate::{
    api,
    components::{
        icons::{Bin, Pictures},
        renamable::Renamable,
        testid,
        thumbnail::Thumbnail,
        toast::Toasts,
    },
    dom, format, i18n,
};
use dto::project::Project;
use leptos::{prelude::*, task::spawn_local};

/// `doom` hears when it is to be deleted.
#[component]
pub fn ProjectCard(project: Project, doom: Doom) -> impl IntoView {
    let toasts = Toasts::get();
    let now = dom::clock();
    let id = project.id;
    let address = format!("/projects/{id}/label");
    let name = RwSignal::new(project.name.clone());
    let rename = move |new: String| {
        spawn_local(async move {
            match api::projects::rename(id, &new).await {
                Ok(project) => drop(name.try_set(project.name)),
                Err(error) => toasts.error(&error),
            }
        });
    };
    let trained = move || match project.last_trained_at {
        Some(then) => i18n::trained(&i18n::ago(format::ago(then, now.get()))),
        None => i18n::never_trained().to_owned(),
    };
    let cover = match project.cover_image_id {
        Some(image) => view! {
            <Thumbnail id=image />
        }
        .into_any(),
        None => view! {
            <span class="no-cover muted small">
                <Pictures />
                {i18n::no_cover()}
            </span>
        }
        .into_any(),
    };
    let counts = i18n::pictures_and_labels(project.image_count, project.label_count);
    let link = address.clone();
    let delete = move |_| doom.ask(Project { name: name.get_untracked(), ..project.clone() });
    view! {
        <li class="card project" data-testid=testid::PROJECT_CARD data-project-id=id.to_string()>
            <a href=address class="cover" aria-label=move || i18n::open_project(&name.get())>
                {cover}
            </a>
            <div class="about">
                <Renamable value=name on_change=rename label=Signal::derive(move || i18n::rename_named(&name.get()))>
                    <a href=link.clone() class="name ellipsis">
                        {name}
                    </a>
                </Renamable>
                <p class="small muted num">{counts}</p>
                <div class="row">
                    <p class="small muted grow">{trained}</p>
                    <button
                        type="button"
                        class="btn quiet icon-only"
                        aria-label=move || i18n::delete_named(&name.get())
                        title=i18n::delete()
                        data-testid=testid::PROJECT_DELETE
                        on:click=delete
                    >
                        <Bin />
                    </button>
                </div>
            </div>
        </li>
    }
}
