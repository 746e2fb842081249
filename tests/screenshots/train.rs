//! The page Train.

use crate::studio::Studio;
use dto::model::{Mode, TrainRequest};
use pupil_tests::{
    Person,
    browser::{hook, visit},
    data,
};
use std::fs;

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    let ada = studio.visitor("In the garden", "train").await;
    page.wait_for(".empty").await;
    studio.take("train-nothing").await;
    studio.upload(&ada, 20).await;
    // One that carries the wrong label, which the model will find.
    let [right, wrong, ..] = studio.photos.labels.as_slice() else { return };
    ada.upload(&[data::read(&right.files[21])], Some(&wrong.name)).await;
    studio.reload().await;
    page.wait_for(".empty").await;
    studio.take("train-possible").await;

    ada.train().await;
    studio.reload().await;
    page.wait_for(&hook("mistake-card")).await;
    studio.take("train-ready").await;
    page.click(&hook("mistake-relabel")).await;
    page.wait_for(&hook("train-changed")).await;
    studio.take("train-mended").await;
    page.click(&hook("show-all")).await;
    page.wait_for(".miss .pic").await;
    studio.take("train-all-results").await;
    page.click(&format!("{} summary", hook("advanced"))).await;
    page.wait_for(&hook("advanced-mode")).await;
    studio.take("train-advanced").await;
    runs(studio, &ada).await;
}

async fn runs(studio: &Studio<'_>, ada: &Person) {
    let page = studio.page;
    let fine_tune = TrainRequest { mode: Mode::FineTune, max_epochs: Some(20), ..TrainRequest::default() };
    let run = ada.api.train(ada.project, &fine_tune).await.expect("there is enough").id;
    studio.reload().await;
    page.wait_for(&format!("{}:nth-of-type(1)", hook("epoch-row"))).await;
    studio.take("train-running").await;
    ada.api.cancel(run).await.expect("it goes on");
    ada.api.wait_until_over(run).await;
    studio.reload().await;
    page.wait_for(&format!("{}[data-status=cancelled]", hook("version-row"))).await;
    studio.take("train-cancelled").await;

    ada.train().await;
    studio.reload().await;
    page.wait_for_count(&hook("version-row"), 3).await;
    studio.take("train-versions").await;
    page.click(&hook("version-delete")).await;
    page.wait_for(&hook("confirm-yes")).await;
    studio.take("train-delete-version").await;
    studio.press_escape().await;

    // Pictures that are gone from the disk make a run fail.
    let eve = studio.visitor("In the garden", "train").await;
    // Pictures that nobody has sent yet: those that wait for the embedder, or that it need not look at again, are held in
    // memory for a while, and would be learned from all the same.
    eve.upload_both(6).await;
    eve.wait_embedded().await;
    let originals = studio.home.data_folder().join("blobs/originals");
    let aside = studio.home.data_folder().join("aside");
    fs::rename(&originals, &aside).expect("the data folder can be written");
    eve.api.train(eve.project, &fine_tune).await.expect("there is enough");
    page.open(&visit::address(eve.project, "train")).await;
    page.wait_for(&format!("{}[data-status=failed]", hook("version-row"))).await;
    fs::rename(&aside, &originals).expect("the data folder can be written");
    studio.take("train-failed").await;
}
