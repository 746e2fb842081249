//! Pictures that are nearly the same, and the map of all.

use crate::{assert_fits, with_server};
use dto::image::ImageQuery;
use pupil_tests::{
    Person,
    browser::{Page, hook, visit},
    deadline::eventually,
    files::File,
    pictures::{Motif, jpeg, png},
};

#[tokio::test]
async fn the_same_picture_under_two_labels_is_found_and_settled() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        ann.upload_both(4).await;
        let twin = Motif::Circles.draw(300);
        let first = ann.upload(&[File::new("twin.png", png(&twin))], Some("circles")).await.remove(0);
        ann.upload(&[File::new("twin.jpg", jpeg(&twin))], Some("stripes")).await;
        open(page, &ann, "look-alikes").await;
        let group = format!("{}[data-conflict=true]", hook("alike-group"));
        page.wait_for_count(&group, 1).await;
        page.wait_for_count(&format!("{group} {}", hook("alike-picture")), 2).await;

        page.choose(&format!("{group} {}", hook("alike-label")), "circles").await;
        page.wait_for_count(&group, 0).await;
        let settled = format!("{}[data-conflict=false]:has([data-image-id=\"{}\"])", hook("alike-group"), first.id);
        page.click(&format!("{settled} {}", hook("alike-delete"))).await;
        page.wait_for_count(&settled, 0).await;
        let images = ann.api.images(ann.project, &ImageQuery::default()).await.expect("one's own").items;
        assert!(images.iter().any(|image| image.id == first.id), "the one that was marked is kept");
        assert_eq!(images.len(), 9);

        page.click(".toast:last-child .btn.small").await;
        page.wait_for(&settled).await;
    })
    .await;
}

#[tokio::test]
async fn no_look_alikes_say_so() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        let files = [Motif::Circles.files(1), Motif::Stripes.files(1)].concat();
        ann.upload(&files, None).await;
        open(page, &ann, "look-alikes").await;
        page.wait_for_text(".empty h2", |text| text == "No two pictures are nearly the same").await;
    })
    .await;
}

#[tokio::test]
async fn the_map_shows_the_picture_that_is_pointed_at() {
    with_server(async |page, server| {
        let ann = Person::new(server).await;
        ann.upload_both(6).await;
        open(page, &ann, "map").await;
        page.wait_for(&format!("{}[data-points=\"12\"]", hook("map"))).await;
        page.wait_for_text(".map-legend", |text| text.contains("circles") && text.contains("stripes")).await;
        page.resize(390, 844).await;
        assert_fits(page, "the map").await;
        page.evaluate(&format!("document.querySelector('{}').focus()", hook("map"))).await;
        page.press(" ").await;
        page.press("\u{e014}").await;
        let image = page.attribute(&hook("map-picture"), "data-image-id").await;
        let before = ann.api.image(image.parse().expect("an identifier")).await.expect("one's own").label_id;
        let labels = ann.api.labels(ann.project).await.expect("one's own").items;
        let other = labels.iter().find(|label| Some(label.id) != before).expect("there are two");
        page.choose(&hook("map-label"), &other.name).await;
        eventually("the picture has the other label", async || {
            let image = ann.api.image(image.parse().ok()?).await.ok()?;
            (image.label_id == Some(other.id)).then_some(())
        })
        .await;
        page.wait_for(&format!("{}[data-image-id=\"{image}\"]", hook("map-picture"))).await;
    })
    .await;
}

/// Goes to a view of the person's pictures once the server has looked at them all.
async fn open(page: &Page<'_>, person: &Person, view: &str) {
    person.wait_embedded().await;
    visit::open_project(page, person, "label").await;
    page.open(&format!("{}?view={view}", visit::address(person.project, "label"))).await;
}
