//! The list of projects.

use crate::with_server;
use pupil_tests::{
    Person, Server,
    browser::{Page, hook, visit},
};

/// Cards that the page reads at once.
const PAGE: usize = 24;

#[tokio::test]
async fn a_project_is_made_renamed_and_deleted() {
    with_server(async |page, server| {
        let ann = visitor(page, server).await;
        page.type_into(&hook("project-new"), "Ripe or unripe").await;
        page.click(&hook("project-create")).await;
        page.wait_for(&hook("step-label")).await;
        let made = ann.api.projects().await.expect("one's own").items.remove(0);
        assert_eq!(page.path().await, visit::address(made.id, "label"));

        page.open("/projects").await;
        let card = format!("[data-project-id=\"{}\"]", made.id);
        page.click(&format!("{card} {}", hook("rename"))).await;
        page.replace_and_enter(&hook("rename-field"), "Ripe?").await;
        page.wait_for_text(&format!("{card} .name"), |text| text == "Ripe?").await;

        page.click(&format!("{card} {}", hook("project-delete"))).await;
        page.wait_for(&format!("{}:disabled", hook("confirm-name-yes"))).await;
        page.type_into(&hook("confirm-name"), "Ripe").await;
        page.wait_for(&format!("{}:disabled", hook("confirm-name-yes"))).await;
        page.type_into(&hook("confirm-name"), "?").await;
        page.click(&format!("{}:enabled", hook("confirm-name-yes"))).await;
        page.wait_for_count(&card, 0).await;
        page.wait_for_count(&hook("project-card"), 1).await;
        let left = ann.api.projects().await.expect("one's own").items;
        assert_eq!(left.into_iter().map(|project| project.id).collect::<Vec<_>>(), [ann.project]);
    })
    .await;
}

#[tokio::test]
async fn a_card_shows_what_is_in_the_project() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        ann.upload_both(8).await;
        ann.train().await;
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        let words = ["16 pictures · 2 labels", "trained just now"];
        page.wait_for_text(&hook("project-card"), |text| words.iter().all(|words| text.contains(words))).await;
        page.wait_until_true("return document.querySelector('.cover img').naturalWidth > 0").await;
    })
    .await;
}

#[tokio::test]
async fn a_long_list_is_read_page_by_page() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        for number in 0..PAGE {
            ann.api.create_project(&format!("Number {number}")).await.expect("a good name");
        }
        page.open("/").await;
        visit::log_in(page, &ann.user.username, &ann.password).await;
        page.wait_for_count(&hook("project-card"), PAGE).await;
        page.click(&hook("show-more")).await;
        page.wait_for_count(&hook("project-card"), PAGE + 1).await;
        page.wait_for_count(&hook("show-more"), 0).await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_list_says_what_to_do() {
    with_server(async |page, server| {
        let ann = visitor(page, server).await;
        ann.api.delete_project(ann.project).await.expect("one's own");
        page.reload().await;
        page.wait_for_text(".empty", |text| text.contains("No projects yet")).await;
        page.open("/nowhere").await;
        page.wait_for_text(".empty", |text| text.contains("There is nothing here")).await;
    })
    .await;
}

/// Someone who has just logged in and sees the list.
async fn visitor(page: &Page<'_>, server: &Server) -> Person {
    let person = Person::new(server).await;
    page.open("/").await;
    visit::log_in(page, &person.user.username, &person.password).await;
    page.wait_for_count(&hook("project-card"), 1).await;
    person
}
