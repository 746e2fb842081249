//! The page Predict: many pictures, the table, versions, and pictures that become training pictures.

use crate::{uploads::PASTE, with_server};
use pupil_tests::{
    Person, Server,
    browser::{Page, hook, visit},
    pictures::Motif,
    workspace,
};
use std::{fs, path::PathBuf};
use uuid::Uuid;

#[tokio::test]
async fn many_pictures_are_answered_judged_and_taken_along() {
    with_server(async |page, server| {
        asker(page, server).await;
        let (circles, stripes) = (pictures(Motif::Circles, 13), pictures(Motif::Stripes, 12));
        page.pick_files(&hook("predict-input"), &[circles, stripes].concat()).await;
        page.wait_for_count(&hook("predict-row"), 25).await;
        page.choose(&hook("predict-truth-all"), "circles").await;
        page.wait_for_text(&hook("predict-score"), |text| text == "13 of 25 right · 52 %").await;

        page.click("th:nth-child(2) .sort").await;
        page.wait_for_text(&format!("{} .said", hook("predict-row")), |text| text == "circles").await;
        page.click("th:nth-child(2) .sort").await;
        page.wait_for_text(&format!("{} .said", hook("predict-row")), |text| text == "stripes").await;

        let csv = downloaded_csv(page).await;
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 26);
        assert_eq!(
            lines[0].trim_start_matches('\u{feff}'),
            "file name,label,probability,unsure,expected,correct,circles,stripes"
        );
        assert!(lines[1].contains(",stripes,") && lines[1].contains(",circles,no,"), "{}", lines[1]);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_can_not_be_read_says_why_and_stops_no_other() {
    with_server(async |page, server| {
        asker(page, server).await;
        let broken = folder().join("broken.jpg");
        fs::write(&broken, "this is no picture").expect("the folder can be written");
        let files = [vec![broken], pictures(Motif::Stripes, 1)].concat();
        page.pick_files(&hook("predict-input"), &files).await;
        page.wait_for_text(&hook("predict-problem"), |text| !text.is_empty()).await;
        page.click(&format!("{}:last-child .link", hook("predict-row"))).await;
        page.wait_for_text(&hook("predict-answer"), |text| text == "stripes").await;
    })
    .await;
}

#[tokio::test]
async fn any_version_can_be_asked() {
    with_server(async |page, server| {
        let ann = asker(page, server).await;
        let first = ann.api.models(ann.project).await.expect("one's own").items.remove(0);
        ann.train().await;
        page.reload().await;
        page.wait_for_text(&hook("predict-version"), |text| text.contains("In use: Version 2")).await;
        page.wait_for_text(&hook("snippet"), |text| text.ends_with(&format!("/api/projects/{}/predict", ann.project)))
            .await;
        page.pick_files(&hook("predict-input"), &pictures(Motif::Circles, 1)).await;
        page.wait_for_text(&hook("predict-answer"), |text| text == "circles").await;
        page.evaluate(&format!(
            "const select = document.querySelector('[data-testid=predict-version]');
             select.value = '{}';
             select.dispatchEvent(new Event('change', {{ bubbles: true }}))",
            first.id
        ))
        .await;
        page.wait_for_text(&hook("snippet"), |text| text.ends_with(&format!("/api/models/{}/predict", first.id))).await;
        page.wait_for_text(&hook("predict-answer"), |text| text == "circles").await;
    })
    .await;
}

#[tokio::test]
async fn a_picture_becomes_a_training_picture() {
    with_server(async |page, server| {
        let ann = asker(page, server).await;
        let before = ann.api.project(ann.project).await.expect("one's own").image_count;
        page.pick_files(&hook("predict-input"), &pictures(Motif::Circles, 1)).await;
        page.wait_for(&hook("predict-answer")).await;
        page.choose(&hook("predict-keep"), "stripes").await;
        page.wait_for_text(&hook("predict-kept"), |text| text.starts_with("Added as stripes")).await;
        assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, before + 1);
        page.choose(&hook("predict-keep"), "circles").await;
        page.wait_for_text(&hook("predict-kept"), |text| text.contains("there already, labelled stripes")).await;
        assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, before + 1);
    })
    .await;
}

#[tokio::test]
async fn all_pictures_become_training_pictures_at_once() {
    with_server(async |page, server| {
        let ann = asker(page, server).await;
        let before = ann.api.project(ann.project).await.expect("one's own").labelled_count;
        page.pick_files(&hook("predict-input"), &pictures(Motif::Stripes, 3)).await;
        page.wait_for_count(&hook("predict-row"), 3).await;
        page.choose(&hook("predict-truth-all"), "stripes").await;
        page.click(&hook("predict-keep-all")).await;
        page.wait_for_count(&hook("predict-keep-all"), 0).await;
        page.wait_for_text(&hook("predict-kept"), |text| text.starts_with("Added as stripes")).await;
        let labels = ann.api.labels(ann.project).await.expect("one's own").items;
        let stripes = labels.iter().find(|label| label.name == "stripes").expect("it was made");
        assert_eq!(stripes.image_count, 15);
        assert_eq!(ann.api.project(ann.project).await.expect("one's own").labelled_count, before + 3);
    })
    .await;
}

#[tokio::test]
async fn a_pasted_picture_is_asked_about_once() {
    with_server(async |page, server| {
        asker(page, server).await;
        page.evaluate(PASTE).await;
        page.wait_for(&hook("predict-answer")).await;
        page.wait_for_count(".strip button", 0).await;
    })
    .await;
}

/// Someone with a model, on the page Predict.
pub async fn asker(page: &Page<'_>, server: &Server) -> Person {
    let person = Person::new(server).await;
    person.upload_both(12).await;
    person.train().await;
    visit::open_project(page, &person, "predict").await;
    page.wait_for(&hook("snippet")).await;
    person
}

/// What the page has the browser save.
async fn downloaded_csv(page: &Page<'_>) -> String {
    page.evaluate(
        "const make = URL.createObjectURL;
         URL.createObjectURL = blob => { blob.text().then(text => { window.saved = text }); return make.call(URL, blob) }",
    )
    .await;
    page.click(&hook("predict-csv")).await;
    page.wait_until_true("return !!window.saved").await;
    page.evaluate("return window.saved").await.as_str().expect("text").to_owned()
}

/// Pictures on the disk that nobody has uploaded.
fn pictures(motif: Motif, count: u64) -> Vec<PathBuf> {
    let folder = folder();
    let write = |file: pupil_tests::File| {
        let path = folder.join(&file.name);
        fs::write(&path, &file.bytes).expect("the folder can be written");
        path
    };
    motif.files_from(40_000, count).into_iter().map(write).collect()
}

fn folder() -> PathBuf {
    let folder = workspace::run_folder().join(Uuid::new_v4().simple().to_string());
    fs::create_dir_all(&folder).expect("the run's folder can be written");
    folder
}
