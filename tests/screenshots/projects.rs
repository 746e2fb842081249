//! The list of projects.

use crate::studio::Studio;
use pupil_tests::browser::hook;

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    let ada = studio.visitor("First project", "label").await;
    page.open("/projects").await;
    page.wait_for_count(&hook("project-card"), 1).await;
    studio.take("projects-first").await;

    studio.upload(&ada, 10).await;
    ada.train().await;
    for name in ["Ripe or unripe", "Screws, nuts and washers that came in the large box from the attic"] {
        ada.api.create_project(name).await.expect("a good name");
    }
    studio.reload().await;
    page.wait_for_count(&hook("project-card"), 3).await;
    studio.take("projects").await;
    page.click(&hook("rename")).await;
    page.wait_for(&hook("rename-field")).await;
    studio.take("projects-rename").await;
    studio.reload().await;
    page.click(&format!("[data-project-id=\"{}\"] {}", ada.project, hook("project-delete"))).await;
    page.wait_for(&hook("confirm-name")).await;
    studio.take("projects-delete").await;
    studio.press_escape().await;

    ada.api.delete_project(ada.project).await.expect("one's own");
    for project in ada.api.projects().await.expect("one's own").items {
        ada.api.delete_project(project.id).await.expect("one's own");
    }
    studio.reload().await;
    page.wait_for(".empty").await;
    studio.take("projects-none").await;
}
