//! A picture whose file the server has lost: the page says so, and the same file again mends it.

use crate::with_home;
use pupil_tests::{
    Database, Home, Person,
    browser::{hook, visit},
    pictures::Motif,
    program,
};
use std::fs;
use tempfile::TempDir;

#[tokio::test]
async fn a_lost_file_is_told_of_and_mended_by_uploading_it_again() {
    let home = Home::new(Database::Sqlite).await;
    with_home(&home, async |page, server| {
        let ann = Person::new(server).await;
        let file = Motif::Circles.files(1).remove(0);
        ann.upload(std::slice::from_ref(&file), None).await;
        ann.wait_embedded().await;
        fs::remove_dir_all(home.data_folder().join("blobs/originals")).expect("one's own folder");
        let mut check = home.command();
        check.args(["check", "--repair"]);
        let found = program::run(check).await;
        assert_eq!(found.code, Some(1), "{found:?}");

        visit::open_project(page, &ann, "label").await;
        page.click(&hook("image-open")).await;
        page.wait_for_text(&format!("{} figcaption", hook("viewer")), |text| {
            text.contains("Upload the same file again")
        })
        .await;
        // What is left of it is shown.
        page.wait_until_true("return document.querySelector('[data-testid=viewer] img').naturalWidth > 0").await;
        page.click(&hook("viewer-close")).await;

        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(&file.name);
        fs::write(&path, &file.bytes).expect("the folder can be written");
        page.pick_files(&hook("file-input"), &[path]).await;
        page.wait_for_text(&hook("upload-status"), |text| text.contains("was here already")).await;
        page.click(&hook("image-open")).await;
        page.wait_for(&hook("viewer-facts")).await;
        page.wait_until_true("return document.querySelector('[data-testid=viewer] img').naturalWidth > 0").await;
        assert_eq!(page.count(&format!("{} figcaption", hook("viewer"))).await, 0);
    })
    .await;
}
