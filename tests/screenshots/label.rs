//! The page Label.

use crate::studio::Studio;
use pupil_tests::{
    Person,
    browser::{hook, visit},
    data, workspace,
};
use std::fs;

pub async fn take(studio: &Studio<'_>) {
    let page = studio.page;
    let ada = studio.visitor("In the garden", "label").await;
    page.wait_for(&hook("file-input")).await;
    studio.take("label-empty").await;
    uploads(studio).await;
    grid(studio, &ada).await;
    labels(studio).await;
    camera(studio).await;
}

async fn uploads(studio: &Studio<'_>) {
    let page = studio.page;
    let folder = workspace::run_folder();
    let (broken, film) = (folder.join("holiday.jpg"), folder.join("film.mp4"));
    fs::write(&broken, "not a picture").expect("the run's folder can be written");
    fs::write(&film, "not a picture either").expect("the run's folder can be written");
    let files: Vec<_> = [broken, film].into_iter().chain(studio.photos.all()).collect();
    // Two requests get through, and the next ones wait for ever.
    page.evaluate(
        "const send = XMLHttpRequest.prototype.send;
         let left = 2;
         XMLHttpRequest.prototype.send = function (body) { if (left-- > 0) send.call(this, body) }",
    )
    .await;
    page.pick_files(&hook("file-input"), &files).await;
    page.wait_for_text(&hook("upload-status"), |text| text.starts_with("Uploading 4")).await;
    page.wait_for_count(&hook("refused-file"), 2).await;
    studio.take("label-uploading").await;
    page.click(&hook("upload-stop")).await;
    page.wait_for_text(&hook("upload-status"), |text| text.contains("added")).await;
    studio.take("label-not-taken").await;
}

async fn grid(studio: &Studio<'_>, ada: &Person) {
    let page = studio.page;
    let mut kinds = studio.photos.labels.iter();
    if let Some(last) = kinds.next_back() {
        ada.upload(&last.files.iter().map(|path| data::read(path)).collect::<Vec<_>>(), None).await;
    }
    for kind in kinds {
        ada.upload(&kind.files(usize::MAX), Some(&kind.name)).await;
    }
    page.open(&visit::address(ada.project, "label")).await;
    page.wait_for(&hook("image-card")).await;
    studio.take("label-photos").await;

    for place in [2, 3, 5] {
        page.click(&format!("{}:nth-of-type({place}) .see", hook("image-card"))).await;
    }
    page.wait_for_count("[aria-checked=true]", 3).await;
    studio.take("label-selection").await;
    page.choose(".tools select", &studio.photos.labels[1].name).await;
    page.wait_for(".toast").await;
    studio.take("label-undo").await;
    studio.clear_messages().await;

    page.click(&format!("{}[data-filter=unlabelled]", hook("filter-chip"))).await;
    page.wait_until_true("return location.search === '?show=unlabelled'").await;
    page.wait_for(&hook("image-card")).await;
    studio.take("label-unlabelled").await;
    page.type_into(&hook("search"), "nothing is called this").await;
    page.wait_for(".empty").await;
    studio.take("label-nothing-found").await;

    page.open(&visit::address(ada.project, "label")).await;
    page.click(&hook("image-open")).await;
    page.wait_until_true("return document.querySelector('.viewer-stage img')?.naturalWidth > 0").await;
    studio.take("label-large-view").await;
    studio.press_escape().await;
}

async fn labels(studio: &Studio<'_>) {
    let page = studio.page;
    page.click(&hook("label-more")).await;
    page.wait_for("dialog[open] .swatch").await;
    studio.take("label-edit-label").await;
    page.click(&format!("dialog[open] {}", hook("label-delete"))).await;
    page.wait_for(&hook("confirm-yes")).await;
    studio.take("label-delete-label").await;
    studio.press_escape().await;
    page.type_and_enter(&hook("label-add"), &studio.photos.labels[0].name).await;
    page.wait_for(".add .field-error").await;
    studio.take("label-name-taken").await;
    page.evaluate("document.activeElement.blur()").await;
    page.press("?").await;
    page.wait_for(&format!("{}[open]", hook("keys-help"))).await;
    studio.take("label-keys").await;
    studio.press_escape().await;
}

async fn camera(studio: &Studio<'_>) {
    let page = studio.page;
    page.click(&hook("camera-open")).await;
    page.wait_for(".finder[data-state=live]").await;
    page.wait_until_true("return document.querySelector('.finder video').videoWidth > 0").await;
    studio.take("label-camera").await;
    studio.press_escape().await;
    page.evaluate(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
    )
    .await;
    page.click(&hook("camera-open")).await;
    page.wait_for(&hook("camera-trouble")).await;
    studio.take("label-camera-refused").await;
    studio.press_escape().await;
}
