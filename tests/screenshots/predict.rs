//! The page Predict.

use crate::studio::Studio;
use pupil_tests::{
    browser::{hook, visit},
    workspace,
};
use std::fs;

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    let ada = studio.visitor("In the garden", "predict").await;
    page.wait_for(".empty").await;
    studio.take("predict-no-model").await;
    studio.upload(&ada, 16).await;
    ada.train().await;
    studio.reload().await;
    page.wait_for(&hook("predict-input")).await;
    studio.take("predict-nothing-asked").await;

    let unseen = studio.photos.unseen();
    page.pick_files(&hook("predict-input"), &unseen[..1]).await;
    page.wait_for(&hook("predict-answer")).await;
    studio.take("predict-one").await;
    page.choose(&hook("predict-truth"), &studio.photos.labels[0].name).await;
    studio.take("predict-judged").await;
    page.choose(&hook("predict-keep"), &studio.photos.labels[0].name).await;
    page.wait_for_text(&hook("predict-kept"), |text| !text.is_empty()).await;
    studio.take("predict-kept").await;

    page.open(&visit::address(ada.project, "predict")).await;
    let broken = workspace::run_folder().join("holiday.jpg");
    fs::write(&broken, "not a picture").expect("the run's folder can be written");
    let files: Vec<_> = unseen.iter().cloned().chain([broken]).collect();
    page.pick_files(&hook("predict-input"), &files).await;
    page.wait_for_count(&hook("predict-row"), files.len()).await;
    page.choose(&hook("predict-truth-all"), &studio.photos.labels[0].name).await;
    page.wait_for_text(&hook("predict-score"), |text| text.contains('%')).await;
    page.wait_for_count(&hook("predict-stop"), 0).await;
    studio.take("predict-many").await;
    page.click(&format!("{}:last-child .link", hook("predict-row"))).await;
    page.wait_for(&hook("predict-problem")).await;
    studio.take("predict-unreadable").await;
}
