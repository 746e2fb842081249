//! `examples/curl`: the scripts do what they say, also with file names from real life.

use dto::image::ImageQuery;
use pupil_tests::{
    Person, Server,
    pictures::{self, Motif},
    program::{self, Finished},
    workspace,
};
use std::{ffi::OsStr, fs, path::Path, process::Command};
use tempfile::TempDir;

both_databases![
    a_folder_per_label_is_uploaded,
    many_files_are_uploaded_in_several_requests,
    running_it_again_finds_what_is_there,
    rejected_files_are_named_with_their_reason,
    file_names_may_have_any_character,
    a_folder_without_pictures_is_told,
    a_refused_token_is_told,
    a_wrong_call_shows_how_to_call_it,
    training_and_predicting_tells_a_label_for_each_photo,
    a_photo_that_can_not_be_read_does_not_harm_the_others,
    training_with_too_little_says_what_is_missing,
];

async fn a_folder_per_label_is_uploaded(server: &Server) {
    let ann = Person::new(server).await;
    let upload = upload(&ann, folder_of(5).path()).await;
    assert_eq!(upload.code, Some(0), "{upload:?}");
    assert!(upload.stdout.contains("total: 10 stored, 0 duplicates, 0 rejected"), "{}", upload.stdout);
    let labels = ann.api.labels(ann.project).await.expect("one's own").items;
    let counts: Vec<_> = labels.iter().map(|label| (label.name.as_str(), label.image_count)).collect();
    assert_eq!(counts, [("circles", 5), ("stripes", 5)]);
}

async fn many_files_are_uploaded_in_several_requests(server: &Server) {
    let ann = Person::new(server).await;
    let upload = upload(&ann, folder_of(60).path()).await;
    assert_eq!(upload.code, Some(0), "{upload:?}");
    assert_eq!(upload.stdout.lines().filter(|line| line.starts_with("circles:")).count(), 2, "{}", upload.stdout);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").labelled_count, 120);
}

async fn running_it_again_finds_what_is_there(server: &Server) {
    let ann = Person::new(server).await;
    let folder = folder_of(3);
    upload(&ann, folder.path()).await;
    let again = upload(&ann, folder.path()).await;
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stdout.contains("total: 0 stored, 6 duplicates, 0 rejected"), "{}", again.stdout);
}

async fn rejected_files_are_named_with_their_reason(server: &Server) {
    let ann = Person::new(server).await;
    let folder = folder_of(2);
    let half = pictures::truncated(pictures::jpeg(&Motif::Circles.draw(50)));
    write(folder.path(), "circles/cut off, sadly.jpg", &half);
    write(folder.path(), "circles/words.png", b"These are words, not a picture.");
    write(folder.path(), "circles/nothing.jpg", b"");
    write(folder.path(), "circles/notes.txt", b"These are not meant to be a picture.");
    let upload = upload(&ann, folder.path()).await;
    assert_eq!(upload.code, Some(1), "{upload:?}");
    assert!(upload.stdout.contains("total: 4 stored, 0 duplicates, 3 rejected"), "{}", upload.stdout);
    for rejected in ["cut off, sadly.jpg", "words.png", "nothing.jpg"] {
        let line = upload.stdout.lines().find(|line| line.contains(&format!("rejected: {rejected}: ")));
        let reason = line.and_then(|line| line.rsplit_once(": ")).map(|(_, reason)| reason).unwrap_or_default();
        assert!(reason.len() > 5, "no reason for {rejected} in\n{}", upload.stdout);
    }
    assert!(upload.stdout.contains("notes.txt"), "what is left out is said too:\n{}", upload.stdout);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").labelled_count, 4);
}

async fn file_names_may_have_any_character(server: &Server) {
    const NAMES: &[&str] = &[
        "with spaces.jpg",
        "comma, semicolon; equals=.jpg",
        "it's.jpg",
        "ünïcödé 名前 🐱.jpg",
        "100% @home #1 & $HOME `true` (2).jpg",
        "-starts-with-a-dash.jpg",
        "UPPER.JPG",
    ];
    let ann = Person::new(server).await;
    let folder = TempDir::new().expect("a temporary folder");
    for (seed, name) in (0..).zip(NAMES) {
        let path = format!("round, \"quoted\" & 둥근/{name}");
        write(folder.path(), &path, &pictures::jpeg(&Motif::Circles.draw(seed)));
    }
    write(folder.path(), "stripes/a \"quoted\" one.jpg", &pictures::jpeg(&Motif::Stripes.draw(0)));
    let upload = upload(&ann, folder.path()).await;
    assert_eq!(upload.code, Some(0), "{upload:?}");

    let mut expected: Vec<&str> = NAMES.to_vec();
    expected.sort_unstable();
    let labels = ann.api.labels(ann.project).await.expect("one's own").items;
    let round = labels.iter().find(|label| label.name == "round, \"quoted\" & 둥근").expect("a label of that name");
    let query = ImageQuery { label: Some(round.id), ..ImageQuery::default() };
    let images = ann.api.images(ann.project, &query).await.expect("one's own").items;
    let mut names: Vec<&str> = images.iter().map(|image| image.file_name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, expected);
}

async fn a_folder_without_pictures_is_told(server: &Server) {
    let ann = Person::new(server).await;
    let empty = TempDir::new().expect("a temporary folder");
    let told = upload(&ann, empty.path()).await;
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(!told.stderr.is_empty());
    let absent = upload(&ann, &empty.path().join("nowhere")).await;
    assert_eq!(absent.code, Some(2), "{absent:?}");
    assert!(absent.stderr.contains("nowhere"), "{absent:?}");
}

async fn a_refused_token_is_told(server: &Server) {
    let mut ann = Person::new(server).await;
    ann.token = "garbage".into();
    let refused = upload(&ann, folder_of(2).path()).await;
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(refused.stderr.contains("401"), "{refused:?}");
}

async fn a_wrong_call_shows_how_to_call_it(server: &Server) {
    let ann = Person::new(server).await;
    for script in ["upload-folder.sh", "train-and-predict.sh"] {
        let told = run(script, &ann, [] as [&OsStr; 0]).await;
        assert_eq!(told.code, Some(2), "{told:?}");
        assert!(told.stderr.contains("usage"), "{told:?}");
    }
}

async fn training_and_predicting_tells_a_label_for_each_photo(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(12).await;
    let photos = folder_of(60);
    let circle = photos.path().join("circles/circles-59.jpg");
    let stripe = photos.path().join("stripes/stripes-59.jpg");
    let told = run("train-and-predict.sh", &ann, [&circle, &stripe]).await;
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.stdout.contains("version 1") && told.stdout.contains('%'), "{}", told.stdout);
    for (photo, label) in [("circles-59.jpg", "circles"), ("stripes-59.jpg", "stripes")] {
        let answer = told.stdout.lines().find_map(|line| line.trim().strip_prefix(photo)).unwrap_or_default();
        assert!(answer.trim_start().starts_with(label), "{}", told.stdout);
    }
}

async fn a_photo_that_can_not_be_read_does_not_harm_the_others(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(12).await;
    let photos = folder_of(1);
    write(photos.path(), "words.jpg", b"These are words, not a picture.");
    let files = [photos.path().join("words.jpg"), photos.path().join("circles/circles-0.jpg")];
    let told = run("train-and-predict.sh", &ann, &files).await;
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.stdout.lines().any(|line| line.starts_with("words.jpg")), "{}", told.stdout);
    assert!(told.stdout.lines().any(|line| line.starts_with("circles-0.jpg") && line.contains('%')), "{}", told.stdout);
}

async fn training_with_too_little_says_what_is_missing(server: &Server) {
    let ann = Person::new(server).await;
    let photos = folder_of(1);
    let told = run("train-and-predict.sh", &ann, [photos.path().join("circles/circles-0.jpg")]).await;
    assert_eq!(told.code, Some(1), "{told:?}");
    assert!(told.stderr.contains("409"), "{told:?}");
}

async fn upload(person: &Person, folder: &Path) -> Finished {
    run("upload-folder.sh", person, [folder]).await
}

/// Runs one of the scripts with the arguments that both begin with.
pub async fn run(script: &str, person: &Person, rest: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Finished {
    let mut command = Command::new(workspace::root().join("examples/curl").join(script));
    command.args([person.api.address(), &person.token, &person.project.to_string()]).args(rest);
    program::run(command).await
}

/// `circles` and `stripes` with `count` pictures each.
fn folder_of(count: u64) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for motif in [Motif::Circles, Motif::Stripes] {
        for file in motif.files(count) {
            write(folder.path(), &format!("{}/{}", motif.label(), file.name), &file.bytes);
        }
    }
    folder
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be written");
    fs::write(path, bytes).expect("the folder can be written");
}
