//! How good a model is in detail, what it doubts, where it looked, what changed from version to version.

use crate::{assert_fits, with_server};
use dto::{ImageId, LabelId};
use pupil_tests::{
    Person, Server,
    browser::{Page, hook, visit},
    pictures::{Motif, jpeg},
};
use std::fs;
use tempfile::TempDir;

#[tokio::test]
async fn the_details_count_every_tested_picture() {
    with_server(async |page, server| {
        let ann = learner(page, server).await;
        let model = ann.train().await;
        page.reload().await;
        page.wait_for(&hook("accuracy")).await;
        page.wait_for_count(&format!("{} table", hook("evaluation")), 0).await;
        page.click(&format!("{} summary", hook("evaluation"))).await;
        page.wait_for_count(&format!("{} table", hook("evaluation")), 3).await;
        let counted = page
            .evaluate(
                "return [...document.querySelectorAll('.confusion td')]
                    .reduce((sum, cell) => sum + Number(cell.textContent), 0)",
            )
            .await;
        assert_eq!(counted.as_u64(), Some(model.image_count), "{counted}");
        let labels = page.evaluate("return document.querySelector('.inside table').innerText").await;
        let labels = labels.as_str().expect("a text");
        assert!(labels.contains("circles") && labels.contains("stripes") && labels.contains('%'), "{labels}");
        page.resize(390, 844).await;
        assert_fits(page, "the details").await;
    })
    .await;
}

#[tokio::test]
async fn a_wrong_label_is_found_and_what_is_right_stays_off_the_list() {
    with_server(async |page, server| {
        let ann = learner(page, server).await;
        let (wrong, right, card) = doubt(page, &ann).await;
        page.wait_for(&card).await;

        page.click(&format!("{card} {}", hook("mistake-keep"))).await;
        page.wait_for_count(&card, 0).await;
        page.click(".toast:last-child .btn.small").await;
        page.wait_for(&card).await;
        page.click(&format!("{card} {}", hook("mistake-keep"))).await;
        page.wait_for_count(&card, 0).await;
        page.reload().await;
        for list in ["show-doubtful", "show-mistakes"] {
            page.click(&hook(list)).await;
            page.wait_for(".mistakes h1:not(:empty)").await;
            page.wait_for_count(&card, 0).await;
        }
        let image = ann.api.image(wrong).await.expect("one's own");
        assert_ne!(image.label_id, Some(right), "it was found right as it is");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_label_is_changed_to_the_suggested_one_and_it_can_be_undone() {
    with_server(async |page, server| {
        let ann = learner(page, server).await;
        let (wrong, right, card) = doubt(page, &ann).await;
        page.click(&format!("{card} {}", hook("mistake-relabel"))).await;
        page.wait_for_count(&card, 0).await;
        assert_eq!(ann.api.image(wrong).await.expect("one's own").label_id, Some(right));
        page.click(".toast:last-child .btn.small").await;
        page.wait_for(&card).await;
        assert_ne!(ann.api.image(wrong).await.expect("one's own").label_id, Some(right));
    })
    .await;
}

#[tokio::test]
async fn one_sees_where_it_looked() {
    with_server(async |page, server| {
        let ann = learner(page, server).await;
        ann.train().await;
        page.reload().await;
        page.click(&hook("show-all")).await;
        page.click(&format!(".miss .pic {}", hook("look"))).await;
        wait_for_heat(page, 1).await;

        let folder = TempDir::new().expect("a temporary folder");
        let unseen = folder.path().join("unseen.jpg");
        fs::write(&unseen, jpeg(&Motif::Stripes.draw(900))).expect("the folder can be written");
        page.open(&visit::address(ann.project, "predict")).await;
        page.pick_files(&hook("predict-input"), &[unseen]).await;
        page.click(&hook("look")).await;
        wait_for_heat(page, 2).await;
    })
    .await;
}

#[tokio::test]
async fn versions_are_set_against_each_other_and_can_be_repeated() {
    with_server(async |page, server| {
        let ann = learner(page, server).await;
        ann.train().await;
        ann.upload(&Motif::Circles.files_from(700, 3), Some("circles")).await;
        let second = ann.train().await;
        page.reload().await;
        page.click(&format!("{} summary", hook("compare"))).await;
        page.wait_for_text(&hook("compare-verdict"), |text| !text.is_empty()).await;
        page.wait_for_text(".changes", |text| text.contains("3 pictures added")).await;
        page.click(&format!("{} summary", hook("repeat"))).await;
        let card = page.wait_for_text(&format!("{} pre", hook("repeat")), |text| text.contains("dataset_sha256")).await;
        assert!(card.contains(&second.id.to_string()) && card.lines().count() > 10, "{card}");
    })
    .await;
}

/// Has a model doubt a label that is wrong, and shows it: the image, its right label, and its card.
async fn doubt(page: &Page<'_>, ann: &Person) -> (ImageId, LabelId, String) {
    let (wrong, right) = mislabel(ann).await;
    ann.train().await;
    page.reload().await;
    page.click(&hook("show-doubtful")).await;
    (wrong, right, format!("{}[data-image-id=\"{wrong}\"]", hook("mistake-card")))
}

/// Waits until so many heat maps are drawn.
async fn wait_for_heat(page: &Page<'_>, count: usize) {
    page.wait_for_count(&hook("heat"), count).await;
    page.wait_until_true(&format!(
        "return [...document.querySelectorAll('{}')].every(image => image.naturalWidth === 224)",
        hook("heat")
    ))
    .await;
}

/// Gives a picture of stripes the label of circles; returns the picture and its right label.
async fn mislabel(person: &Person) -> (ImageId, LabelId) {
    let labels = person.api.labels(person.project).await.expect("one's own").items;
    let id_of = |name: &str| labels.iter().find(|label| label.name == name).map(|label| label.id).expect("a label");
    let wrong = person.upload(&Motif::Stripes.files_from(800, 1), Some("circles")).await.remove(0);
    (wrong.id, id_of("stripes"))
}

/// Someone with pictures of both kinds, on the page Train.
async fn learner(page: &Page<'_>, server: &Server) -> Person {
    let person = Person::new(server).await;
    person.upload_both(12).await;
    visit::open_project(page, &person, "train").await;
    person
}
