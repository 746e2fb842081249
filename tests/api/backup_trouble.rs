//! A restore that breaks off.

use crate::backup::{assert_same, backup, everything, pupil, restore, wait_embedded};
use pupil_tests::{Database, Home, Person, Server, pictures::Motif};
use std::{
    fs,
    path::{Path, PathBuf},
};

both_databases_own_server![a_restore_that_broke_off_begins_again_and_replaces_no_secret,];

async fn a_restore_that_broke_off_begins_again_and_replaces_no_secret(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload(&Motif::Circles.files(3), Some("circles")).await;
    wait_embedded(&ann).await;
    let before = everything(&ann.api).await;
    let file = backup(&home).await;
    server.stop();
    let secret = fs::read(home.data_folder().join("secret")).expect("it was made at the start");

    let other = Home::new(database).await;
    let kept = other.data_folder().join("secret");
    fs::write(&kept, "a secret of somebody else's, who may still need it").expect("one's own folder");
    let refused = pupil(&other, "restore", &file).await;
    assert!(refused.code != Some(0) && refused.stderr.contains("another secret"), "{refused:?}");
    assert_eq!(fs::read_to_string(&kept).expect("it stays"), "a secret of somebody else's, who may still need it");
    fs::remove_file(&kept).expect("one's own folder");

    // It breaks off at a file, as something lies in its place.
    let thumbnail = files_below(&home.data_folder().join("blobs/thumbnails")).pop().expect("there are three");
    let place = other.data_folder().join(thumbnail.strip_prefix(home.data_folder()).expect("it is in there"));
    fs::create_dir_all(place.join("something")).expect("one's own folder");
    let broken_off = pupil(&other, "restore", &file).await;
    assert!(broken_off.code != Some(0) && broken_off.stderr.contains("nothing is restored"), "{broken_off:?}");
    assert_eq!(fs::read(&kept).expect("it is there before any row"), secret);
    fs::remove_dir_all(&place).expect("one's own folder");
    restore(&other, &file).await;
    assert_eq!(fs::read(&kept).expect("it stays"), secret);
    let server = Server::start(&other);
    assert_same(&everything(&ann.api_at(&server)).await, &before);
}

/// All files of a folder and those in it.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("one's own folder").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
