//! The page Train: settings, runs, versions, results.

use crate::with_server;
use dto::model::{Mode, Status, TrainRequest};
use pupil_tests::{
    Database, Home, Person, Server,
    browser::{Chrome, Page, hook, visit},
    pictures::Motif,
};
use std::fs;

#[tokio::test]
async fn settings_are_checked_kept_and_reset() {
    with_server(async |page, server| {
        let ann = learner(page, server, 8).await;
        page.click(&format!("{} summary", hook("advanced"))).await;
        set(page, "max_epochs", "0").await;
        page.wait_for_text("#max_epochs-help .field-error", |text| text.contains("1 to 1000")).await;
        page.click(&hook("train-button")).await;
        assert_eq!(ann.api.models(ann.project).await.expect("one's own").items, [], "nothing was sent");

        set(page, "max_epochs", "7").await;
        set(page, "target_accuracy", "100").await;
        page.wait_for_count(".advanced .field-error", 0).await;
        page.click(&hook("train-button")).await;
        page.wait_for(&version(1)).await;
        let model = ann.api.models(ann.project).await.expect("one's own").items.remove(0);
        assert_eq!((model.settings.max_epochs, model.settings.target_accuracy), (7, 1.0));
        page.wait_for_count(&hook("epoch-row"), model.epochs.len()).await;
        let text = page.wait_for_text(&hook("epoch-row"), |text| text.contains('%')).await;
        assert!(text.starts_with("0 ") && text.ends_with(" s"), "{text}");

        page.reload().await;
        page.click(&format!("{} summary", hook("advanced"))).await;
        page.wait_until_true(&format!("return {}.value === '7'", element("max_epochs"))).await;
        page.click(&hook("advanced-reset")).await;
        page.wait_until_true(&format!("return {}.value === '50'", element("max_epochs"))).await;
    })
    .await;
}

#[tokio::test]
async fn a_run_is_found_again_after_a_reload_and_can_be_stopped() {
    with_server(async |page, server| {
        let ann = learner(page, server, 8).await;
        // Pictures that nobody has embedded yet, and many epochs, keep a run busy long enough to be stopped.
        for motif in [Motif::Circles, Motif::Stripes] {
            ann.upload(&motif.files_from(50_000, 300), Some(motif.label())).await;
        }
        let long = TrainRequest {
            max_epochs: Some(1000),
            target_accuracy: Some(1.0),
            patience: Some(1000),
            ..TrainRequest::default()
        };
        ann.api.train(ann.project, &long).await.expect("there is enough");
        page.reload().await;
        page.wait_for(&hook("run-phase")).await;
        page.click(&hook("run-cancel")).await;
        page.wait_for_text(".hero h1", |text| text == "Training of version 1 was stopped").await;
        page.wait_for(&format!("{}[data-status=cancelled]", hook("version-row"))).await;
        let model = ann.api.models(ann.project).await.expect("one's own").items.remove(0);
        assert_eq!(model.status, Status::Cancelled);
    })
    .await;
}

#[tokio::test]
async fn versions_are_compared_chosen_renamed_and_deleted() {
    with_server(async |page, server| {
        let ann = learner(page, server, 8).await;
        let (first, second) = (ann.train().await, ann.train().await);
        page.reload().await;
        page.wait_for(&format!("{}[data-active=true]", version(2))).await;
        page.wait_for_text(&version(1), |text| ["%", "Instant", "16 pictures"].iter().all(|fact| text.contains(fact)))
            .await;

        page.click(&format!("{} {}", version(1), hook("version-use"))).await;
        page.wait_for(&format!("{}[data-active=true]", version(1))).await;
        page.wait_for(&format!("{}[data-active=false]", version(2))).await;
        let project = ann.api.project(ann.project).await.expect("one's own");
        assert_eq!(project.active_model_id, Some(first.id));

        page.click(&format!("{} {}", version(1), hook("rename"))).await;
        page.replace_and_enter(&hook("rename-field"), "The good one").await;
        page.wait_for_text(&format!("{} a", version(1)), |text| text == "The good one").await;

        page.click(&format!("{} {}", version(1), hook("version-delete"))).await;
        page.wait_for_text("dialog[open]", |text| text.contains("The good one") && text.contains("in use")).await;
        page.click(&hook("confirm-yes")).await;
        page.wait_for_count(&version(1), 0).await;
        page.wait_for(&format!("{}[data-active=true]", version(2))).await;
        let left = ann.api.models(ann.project).await.expect("one's own").items;
        assert_eq!(left.into_iter().map(|model| model.id).collect::<Vec<_>>(), [second.id]);
    })
    .await;
}

#[tokio::test]
async fn results_can_be_narrowed_to_a_label() {
    with_server(async |page, server| {
        let ann = learner(page, server, 8).await;
        ann.train().await;
        page.reload().await;
        page.click(&hook("show-all")).await;
        page.wait_for_count(".miss .pic", 16).await;
        page.choose(&hook("results-label"), "circles").await;
        page.wait_for_count(".miss .pic", 8).await;
        page.choose(&hook("results-label"), "All labels").await;
        page.wait_for_count(".miss .pic", 16).await;
    })
    .await;
}

#[tokio::test]
async fn a_run_that_failed_says_why_and_can_be_repeated() {
    let Some(chrome) = Chrome::start().await else { return };
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let page = Page::new(&chrome, server.address());
    chrome
        .run(async {
            let ann = learner(&page, &server, 6).await;
            let originals = home.data_folder().join("blobs/originals");
            let aside = home.data_folder().join("aside");
            fs::rename(&originals, &aside).expect("the data folder can be written");
            let fine_tune = TrainRequest { mode: Mode::FineTune, ..TrainRequest::default() };
            ann.api.train(ann.project, &fine_tune).await.expect("there is enough");
            page.reload().await;
            page.wait_for(&format!("{}[data-status=failed]", hook("version-row"))).await;
            page.wait_for_text(".hero", |text| text.contains("can't be read any more") && text.contains("train again"))
                .await;
            page.open(&visit::address(ann.project, "predict")).await;
            page.wait_for_text(".empty", |text| text.contains("model")).await;

            fs::rename(&aside, &originals).expect("the data folder can be written");
            page.click(&hook("train-button")).await;
            page.wait_for(&format!("{}[data-status=ready]", version(2))).await;
        })
        .await;
    chrome.close().await;
}

/// Someone with so many pictures of each of two labels, on the page Train.
async fn learner(page: &Page<'_>, server: &Server, count: u64) -> Person {
    let person = Person::new(server).await;
    person.upload_both(count).await;
    visit::open_project(page, &person, "train").await;
    person
}

fn version(number: u32) -> String {
    format!("{}[data-version=\"{number}\"]", hook("version-row"))
}

fn element(field: &str) -> String {
    format!("document.querySelector('[data-testid=advanced-{field}]')")
}

async fn set(page: &Page<'_>, field: &str, value: &str) {
    page.evaluate(&format!("{}.select()", element(field))).await;
    page.type_into(&hook(&format!("advanced-{field}")), value).await;
}
