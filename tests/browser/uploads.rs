//! Bringing pictures in, and what happens when that does not go smoothly.

use crate::{pictures::Pictures, walk, with_person};
use fantoccini::key::Key;
use pupil_tests::{
    Database, Home, Server,
    browser::{Chrome, Page, hook},
    pictures::{Motif, jpeg},
    workspace,
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

/// Pastes a picture.
pub const PASTE: &str = "const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 40;
    canvas.getContext('2d').fillRect(5, 5, 20, 10);
    canvas.toBlob(blob => {
        const data = new DataTransfer();
        data.items.add(new File([blob], 'image.png', { type: 'image/png' }));
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    })";

#[tokio::test]
async fn a_folders_name_becomes_the_label() {
    with_person(async |page, _| {
        let folders = folders();
        page.drop_files(&[&folders.path().join("circles")]).await;
        page.wait_for_count(&cards("circles"), 3).await;
        // A folder of folders, through the button.
        page.pick_files(&hook("folder-input"), &[folders.path().to_owned()]).await;
        page.wait_for_count(&cards("stripes"), 3).await;
        page.wait_for_count(&cards("circles"), 3).await;
        page.wait_for_text(&hook("upload-status"), |text| text == "3 pictures added, 3 were here already").await;
    })
    .await;
}

#[tokio::test]
async fn pictures_can_be_pasted() {
    with_person(async |page, _| {
        page.evaluate(PASTE).await;
        page.wait_for_count(&hook("image-card"), 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_taken_is_named_with_the_reason() {
    with_person(async |page, _| {
        let folder = TempDir::new().expect("a temporary folder");
        let (broken, film) = (folder.path().join("broken.jpg"), folder.path().join("film.mp4"));
        fs::write(&broken, "not a picture").expect("the folder can be written");
        fs::write(&film, "not a picture either").expect("the folder can be written");
        let pictures = Pictures::new();
        let good = pictures.kinds[0].files[0].clone();
        // Both are told of where they are not taken: one by the server, one by the page.
        page.pick_files(&hook("file-input"), &[good, broken, film]).await;
        page.wait_for_text(&hook("upload-status"), |text| text == "1 picture added, 2 were not taken").await;
        for file in ["broken.jpg", "film.mp4"] {
            let rows = format!(
                "return [...document.querySelectorAll('[data-testid=refused-file]')]
                .some(row => row.textContent.startsWith('{file}') && row.textContent.includes('not a picture'))"
            );
            page.wait_until_true(&rows).await;
        }
        page.wait_for_count(&hook("image-card"), 1).await;
    })
    .await;
}

#[tokio::test]
async fn an_upload_outlasts_the_server() {
    let Some(chrome) = Chrome::start().await else { return };
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let address = server.address().to_owned();
    // The one after it must be found where this one was.
    let home = home.with("PUPIL_LISTEN", address.trim_start_matches("http://"));
    let page = Page::new(&chrome, &address);
    chrome
        .run(async {
            page.open("/").await;
            walk::sign_up(&page, &walk::Account::new()).await;
            let folder = many(150);
            let files: Vec<PathBuf> = (0..150).map(|seed| folder.path().join(format!("{seed}.jpg"))).collect();
            server.kill();
            page.pick_files(&hook("file-input"), &files).await;
            page.wait_for(&hook("upload-pause")).await;
            page.wait_for(&hook("connection-banner")).await;
            let server = Server::start(&home);
            page.wait_for_count(&hook("connection-banner"), 0).await;
            page.wait_for_text(&hook("upload-status"), |text| text.starts_with("Uploading") && !text.contains(" 0 of"))
                .await;
            // And once more, in the middle of it.
            server.kill();
            page.wait_for(&hook("upload-pause")).await;
            let _server = Server::start(&home);
            page.wait_for_text(&hook("upload-status"), |text| text.contains("added")).await;
            page.wait_for_count(&hook("upload-failed"), 0).await;
            let all = format!("{}[data-filter=all]", hook("filter-chip"));
            page.wait_for_text(&all, |text| text.ends_with("150")).await;
        })
        .await;
    chrome.close().await;
}

#[tokio::test]
async fn an_upload_outlasts_the_log_in() {
    let Some(chrome) = Chrome::start().await else { return };
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let page = Page::new(&chrome, server.address());
    chrome
        .run(async {
            let account = walk::Account::new();
            page.open("/").await;
            walk::sign_up(&page, &account).await;
            page.type_into(&hook("label-add"), "half a na").await;
            page.clear_cookies().await;
            let folder = many(30);
            let files: Vec<PathBuf> = (0..30).map(|seed| folder.path().join(format!("{seed}.jpg"))).collect();
            page.pick_files(&hook("file-input"), &files).await;
            page.wait_for(&hook("relogin-password")).await;
            page.type_and_enter(&hook("relogin-password"), &account.password).await;
            page.wait_for_count("dialog[open]", 0).await;
            page.wait_for_text(&hook("upload-status"), |text| text == "30 pictures added").await;
            page.wait_until_true("return document.querySelector('[data-testid=label-add]').value === 'half a na'")
                .await;
        })
        .await;
    chrome.close().await;
}

#[tokio::test]
async fn an_upload_is_stopped_and_goes_on_when_asked_again() {
    with_person(async |page, _| {
        // One request gets through, and the next ones wait for ever.
        page.evaluate(
            "window.send = XMLHttpRequest.prototype.send;
             let left = 1;
             XMLHttpRequest.prototype.send = function (body) { if (left-- > 0) window.send.call(this, body) }",
        )
        .await;
        let folder = many(50);
        let files: Vec<PathBuf> = (0..50).map(|seed| folder.path().join(format!("{seed}.jpg"))).collect();
        page.pick_files(&hook("file-input"), &files).await;
        page.wait_for_text(&hook("upload-status"), |text| text.starts_with("Uploading 20 of 50")).await;
        page.click(&hook("upload-stop")).await;
        page.wait_for_text(&hook("upload-status"), |text| text == "20 pictures added").await;
        page.wait_for_count(&hook("image-card"), 20).await;
        page.evaluate("XMLHttpRequest.prototype.send = window.send").await;
        page.pick_files(&hook("file-input"), &files).await;
        page.wait_for_text(&hook("upload-status"), |text| text == "30 pictures added, 20 were here already").await;
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_as_a_whole_is_sent_again_when_asked() {
    with_person(async |page, _| {
        page.evaluate(
            "window.open_request = XMLHttpRequest.prototype.open;
             XMLHttpRequest.prototype.open = function (method) {
                 window.open_request.call(this, method, '/api/projects/nowhere/images');
             }",
        )
        .await;
        let folder = many(3);
        let files: Vec<PathBuf> = (0..3).map(|seed| folder.path().join(format!("{seed}.jpg"))).collect();
        page.pick_files(&hook("file-input"), &files).await;
        page.wait_for_text(&hook("upload-failed"), |text| text.starts_with("3 pictures")).await;
        page.expect_refusal("/api/projects/nowhere/images", 404).await;
        page.evaluate("XMLHttpRequest.prototype.open = window.open_request").await;
        page.click(&hook("upload-retry")).await;
        page.wait_for_text(&hook("upload-status"), |text| text == "3 pictures added").await;
        page.wait_for_count(&hook("upload-failed"), 0).await;
    })
    .await;
}

#[tokio::test]
async fn back_asks_while_pictures_are_on_their_way() {
    with_person(async |page, _| {
        let label_page = page.path().await;
        page.click(".brand a").await;
        page.click(".cover").await;
        page.wait_for(&hook("file-input")).await;
        page.evaluate("XMLHttpRequest.prototype.send = () => {}").await;
        let folder = many(2);
        page.pick_files(&hook("file-input"), &[folder.path().join("0.jpg"), folder.path().join("1.jpg")]).await;
        page.wait_for(&hook("upload-stop")).await;

        page.evaluate("history.back()").await;
        page.wait_for_text("dialog[open]", |text| text.contains("2 pictures would not be uploaded")).await;
        assert_eq!(page.path().await, label_page);
        page.press(&char::from(Key::Escape).to_string()).await;
        page.wait_for_count("dialog[open]", 0).await;
        page.wait_for(&hook("upload-stop")).await;

        page.evaluate("history.back()").await;
        page.click(&hook("confirm-yes")).await;
        page.wait_for(&hook("project-card")).await;
        assert_eq!(page.path().await, "/projects");
    })
    .await;
}

#[tokio::test]
async fn leaving_asks_while_pictures_are_on_their_way() {
    let Some(chrome) = Chrome::start().await else { return };
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let address = server.address().to_owned();
    let page = Page::new(&chrome, &address);
    chrome
        .run(async {
            page.open("/").await;
            walk::sign_up(&page, &walk::Account::new()).await;
            server.kill();
            let folder = many(2);
            page.pick_files(&hook("file-input"), &[folder.path().join("0.jpg"), folder.path().join("1.jpg")]).await;
            page.wait_for(&hook("upload-pause")).await;
            let label_page = page.path().await;
            page.click(".brand a").await;
            page.wait_for_text("dialog[open]", |text| text.contains("2 pictures would not be uploaded")).await;
            assert_eq!(page.path().await, label_page);
            page.click(&hook("confirm-yes")).await;
            page.wait_until_true(&format!("return location.pathname !== '{label_page}'")).await;
        })
        .await;
    chrome.close().await;
}

/// Two folders of three pictures each.
fn folders() -> TempDir {
    let root = TempDir::new().expect("a temporary folder");
    for motif in [Motif::Circles, Motif::Stripes] {
        let folder = root.path().join(motif.label());
        fs::create_dir(&folder).expect("the folder can be written");
        for seed in 0..3 {
            fs::write(folder.join(format!("{seed}.jpg")), jpeg(&motif.draw(seed))).expect("the folder can be written");
        }
    }
    root
}

/// So many pictures, named by their number.
fn many(count: u64) -> TempDir {
    let folder = tempfile::tempdir_in(workspace::run_folder()).expect("the run's folder can be written");
    for seed in 0..count {
        let file = folder.path().join(format!("{seed}.jpg"));
        fs::write(file, jpeg(&Motif::Circles.draw(seed))).expect("the folder can be written");
    }
    folder
}

fn cards(label: &str) -> String {
    format!("{}[data-label-name=\"{label}\"]", hook("image-card"))
}
