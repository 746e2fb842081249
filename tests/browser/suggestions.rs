//! Suggested labels, and learning while somebody labels.

use crate::{assert_fits, with_server};
use dto::{ImageId, image::ImageQuery, project::ProjectChange};
use pupil_tests::{
    Person, Server,
    browser::{Page, hook, visit},
    deadline::eventually,
    pictures::Motif,
};

/// Pictures of each kind without a label.
const UNLABELLED: u64 = 5;

#[tokio::test]
async fn suggestions_are_accepted_one_at_a_time_and_it_can_be_undone() {
    with_server(async |page, server| {
        let ann = labeller(page, server).await;
        ann.train().await;
        page.reload().await;
        page.wait_for_text(&hook("suggestions-bar"), |text| text.contains("10 pictures")).await;
        assert_eq!(unlabelled(&ann).await.len(), 10, "nothing is written without being asked");
        page.click(&format!("{} a", hook("suggestions-bar"))).await;
        page.wait_for_count(&hook("suggestion"), 10).await;
        page.resize(390, 844).await;
        assert_fits(page, "the suggestions").await;

        let first = page.attribute(&hook("suggestion"), "data-image-id").await;
        let label = page.attribute(&hook("suggestion"), "data-label-name").await;
        page.click(&hook("suggestion-accept")).await;
        page.wait_for_count(&hook("suggestion"), 9).await;
        assert_eq!(label_of(&ann, &first).await, Some(label.clone()));
        // The focus has gone on to the next.
        page.press("\n").await;
        page.wait_for_count(&hook("suggestion"), 8).await;

        let third = page.attribute(&hook("suggestion"), "data-image-id").await;
        let said = page.attribute(&hook("suggestion"), "data-label-name").await;
        let other = if said == "circles" { "stripes" } else { "circles" };
        page.choose(&hook("suggestion-other"), other).await;
        page.wait_for_count(&hook("suggestion"), 7).await;
        assert_eq!(label_of(&ann, &third).await.as_deref(), Some(other));
        page.click(".toast:last-child .btn.small").await;
        page.wait_for_count(&hook("suggestion"), 8).await;
        assert_eq!(label_of(&ann, &third).await, None);
    })
    .await;
}

#[tokio::test]
async fn all_certain_suggestions_are_accepted_at_once_and_it_can_be_undone() {
    with_server(async |page, server| {
        let ann = labeller(page, server).await;
        ann.train().await;
        page.open(&format!("{}?view=suggestions", visit::address(ann.project, "label"))).await;
        page.wait_for_count(&hook("suggestion"), 10).await;
        page.evaluate(&format!(
            "const slider = document.querySelector('{}');
             slider.value = 50;
             slider.dispatchEvent(new Event('input', {{ bubbles: true }}))",
            hook("suggestions-threshold")
        ))
        .await;
        let button = hook("suggestions-accept-all");
        let words = page.wait_for_text(&button, |text| text.contains("above 50")).await;
        let count: usize = words.split_whitespace().nth(2).and_then(|count| count.parse().ok()).expect("a count");
        assert!(count > 0, "{words}");
        page.click(&button).await;
        page.wait_for_count(&hook("suggestion"), 10 - count).await;
        assert_eq!(unlabelled(&ann).await.len(), 10 - count);
        page.click(".toast:last-child .btn.small").await;
        page.wait_for_count(&hook("suggestion"), 10).await;
        assert_eq!(unlabelled(&ann).await.len(), 10);
    })
    .await;
}

#[tokio::test]
async fn views_have_addresses_and_say_what_is_missing() {
    with_server(async |page, server| {
        let ann = labeller(page, server).await;
        page.click(&view("suggestions")).await;
        page.wait_for_text(".empty h2", |text| text == "Pupil can't suggest labels yet").await;
        page.reload().await;
        page.wait_for(&format!("{}[aria-current=page]", view("suggestions"))).await;
        page.click(&view("grid")).await;
        page.wait_for_count(&hook("image-card"), 26).await;
        page.evaluate("history.back()").await;
        page.wait_for(&format!("{}[aria-current=page]", view("suggestions"))).await;
        ann.train().await;
        page.reload().await;
        page.wait_for_count(&hook("suggestion"), 10).await;
    })
    .await;
}

#[tokio::test]
async fn a_draft_learns_while_one_labels() {
    with_server(async |page, server| {
        let ann = labeller(page, server).await;
        page.click(&hook("learns")).await;
        page.wait_for(&hook("draft")).await;
        eventually("the switch is kept", async || {
            ann.api.project(ann.project).await.ok()?.learns_as_labelled.then_some(())
        })
        .await;
        page.choose(&format!("{}[data-label-name=\"\"] {}", hook("image-card"), hook("image-select")), "circles").await;
        page.wait_for_text(&hook("draft"), |text| text.starts_with("Draft: ") && text.contains('%')).await;
        assert_eq!(ann.api.models(ann.project).await.expect("one's own").items, [], "a draft is no version");
        page.wait_for_text(&hook("suggestions-bar"), |text| text.contains("9 pictures")).await;
        ann.api
            .change_project(ann.project, &ProjectChange { learns_as_labelled: Some(false), ..Default::default() })
            .await
            .expect("one's own");
        page.reload().await;
        page.wait_for(&hook("learns")).await;
        page.wait_for_count(&hook("draft"), 0).await;
    })
    .await;
}

/// Someone with labelled pictures of both kinds and others without a label, on the page Label.
async fn labeller(page: &Page<'_>, server: &Server) -> Person {
    let person = Person::new(server).await;
    person.upload_both(8).await;
    for motif in [Motif::Circles, Motif::Stripes] {
        person.upload(&motif.files_from(500, UNLABELLED), None).await;
    }
    eventually("all pictures are looked at", async || {
        let images = person.api.images(person.project, &ImageQuery::default()).await.ok()?.items;
        images.iter().all(|image| image.embedded).then_some(())
    })
    .await;
    visit::open_project(page, &person, "label").await;
    person
}

async fn unlabelled(person: &Person) -> Vec<ImageId> {
    let query = ImageQuery { unlabelled: Some(true), ..Default::default() };
    let images = person.api.images(person.project, &query).await.expect("one's own").items;
    images.into_iter().map(|image| image.id).collect()
}

/// The name of the label that an image has.
async fn label_of(person: &Person, image: &str) -> Option<String> {
    let image = person.api.image(image.parse().expect("an identifier")).await.expect("one's own");
    let labels = person.api.labels(person.project).await.expect("one's own").items;
    let id = image.label_id?;
    labels.into_iter().find(|label| label.id == id).map(|label| label.name)
}

fn view(name: &str) -> String {
    format!("{}[data-view=\"{name}\"]", hook("view"))
}
