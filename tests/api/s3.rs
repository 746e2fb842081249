//! Pictures and models kept with an S3 service instead of in files: the same Pupil, and the same promises.

use crate::{
    backup::{assert_same, backup, everything, restore, wait_embedded},
    check::{check, flip_last_byte},
};
use dto::{
    ErrorCode,
    image::Outcome,
    model::{Mode, Status, TrainRequest},
};
use pupil_tests::{
    Answer, Database, File, Home, Person, Server, deadline::eventually, pictures::Motif, refused, s3::S3,
};
use reqwest::{StatusCode, header};
use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};
use uuid::Uuid;

both_databases_own_server![
    everything_is_in_the_bucket_and_moves_to_files_and_back,
    the_service_goes_away_and_nothing_is_lost,
];

async fn everything_is_in_the_bucket_and_moves_to_files_and_back(database: Database) {
    let s3 = S3::start().await;
    let home = s3.keeps_blobs_of(Home::new(database).await);
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let images = ann.upload_both(6).await.concat();
    ann.train().await;
    let fine_tune = TrainRequest { mode: Mode::FineTune, max_epochs: Some(1), ..TrainRequest::default() };
    let tuned = ann.train_as(&fine_tune).await.expect("enough pictures").id;
    ann.api.delete_images(ann.project, &[images[0].id]).await.expect("one's own");
    wait_embedded(&ann).await;
    let unseen = Motif::Circles.files_from(900, 2);
    let predictions = ann.api.predict(tuned, &unseen).await.expect("ready");
    let before = everything(&ann.api).await;
    assert!(!home.data_folder().join("blobs").exists(), "no file is kept beside the bucket");
    assert!(s3.folder().join(format!("models/{tuned}.backbone.safetensors")).exists());
    let checked = check(&home, &[]).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
    server.stop();

    // Another process knows everything from the bucket and the database.
    let server = Server::start(&home);
    let again = ann.api_at(&server);
    assert_same(&everything(&again).await, &before);
    assert_eq!(again.predict(tuned, &unseen).await.expect("ready"), predictions);
    let saved = backup(&home).await;
    server.stop();

    let files = Home::new(database).await;
    restore(&files, &saved).await;
    let server = Server::start(&files);
    assert_same(&everything(&ann.api_at(&server)).await, &before);
    let saved = backup(&files).await;
    server.stop();

    let elsewhere = S3::start().await;
    let bucket = elsewhere.keeps_blobs_of(Home::new(database).await);
    restore(&bucket, &saved).await;
    let server = Server::start(&bucket);
    let there = ann.api_at(&server);
    assert_same(&everything(&there).await, &before);
    assert_eq!(there.predict(tuned, &unseen).await.expect("ready"), predictions);
    let checked = check(&bucket, &[]).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
}

async fn the_service_goes_away_and_nothing_is_lost(database: Database) {
    let s3 = S3::start().await;
    let home = s3.keeps_blobs_of(Home::new(database).await);
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(6).await;
    let first = ann.train().await.id;
    s3.goes_away();
    let files = Motif::Circles.files_from(100, 2);
    is_unavailable(ann.api.upload(ann.project, &files, Some("circles")).await);
    let health = ann.api.request(reqwest::Method::GET, "/health").send().await.expect("an answer");
    assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
    // The page's lists need only the database, and a model that was used is in memory.
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, 12);
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("it can be queued").id;
    eventually("the run waits for the service", async || {
        server.log().contains("a job waits until it can go on").then_some(())
    })
    .await;

    s3.comes_back();
    assert_eq!(ann.wait_ready(run).await.status, Status::Ready);
    eventually("it is well again", async || {
        let health = ann.api.request(reqwest::Method::GET, "/health").send().await.expect("an answer");
        health.status().is_success().then_some(())
    })
    .await;
    let upload = ann.api.upload(ann.project, &files, Some("circles")).await.expect("as before");
    assert!(upload.items.iter().all(|item| item.outcome == Outcome::Stored), "the first left nothing behind");
    ann.api.predict(first, &files).await.expect("it is ready");
    let checked = check(&home, &[]).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
}

fn is_unavailable<T: std::fmt::Debug>(answer: Answer<T>) {
    let problem = refused(answer, ErrorCode::Unavailable);
    assert_eq!(problem.status, 503);
}

#[tokio::test]
async fn damage_in_the_bucket_is_told_set_aside_and_mended() {
    let s3 = S3::start().await;
    let home = s3.keeps_blobs_of(Home::new(Database::Sqlite).await);
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let files: Vec<File> = Motif::Circles.files(4);
    let images = ann.upload(&files, Some("circles")).await;
    ann.upload_motif(Motif::Stripes, 4).await;
    let model = ann.train().await.id;
    let path = async |index: usize, folder: &str, ending: &str| {
        let response = ann.api.image_file(images[index].id).await;
        let hash = response.headers()[header::ETAG].to_str().expect("ASCII").trim_matches('"').to_owned();
        s3.folder().join(folder).join(&hash[..2]).join(format!("{hash}{ending}"))
    };
    let (changed, lost, bare) =
        (path(0, "originals", "").await, path(1, "originals", "").await, path(2, "thumbnails", ".jpg").await);
    flip_last_byte(changed.clone());
    remove(&lost);
    remove(&bare);
    flip_last_byte(s3.folder().join(format!("models/{model}.safetensors")));

    let found = check(&home, &[]).await;
    assert_eq!(found.code, Some(1), "{found:?}");
    for sentence in
        ["not the one that was uploaded", "the file is missing", "the thumbnail is missing", "Model “Version 1”"]
    {
        assert!(found.stdout.contains(sentence), "{sentence} is not in\n{}", found.stdout);
    }
    assert_eq!(check(&home, &["--repair"]).await.code, Some(1));
    let clean = check(&home, &[]).await;
    assert_eq!(clean.code, Some(0), "{clean:?}");
    assert!(!changed.exists(), "it is set aside");
    assert!(s3.folder().join(format!("set-aside/models/{model}.safetensors")).exists());
    assert!(bare.exists(), "it is made again");

    ann.api.upload(ann.project, &files[..2], None).await.expect("in order");
    for (image, file) in images.iter().zip(&files) {
        assert_eq!(ann.api.image_file(image.id).await.bytes().await.expect("a file"), file.bytes);
    }
}

#[tokio::test]
async fn what_nobody_needs_is_swept_out_of_the_bucket() {
    let s3 = S3::start().await;
    let home = s3.keeps_blobs_of(Home::new(Database::Sqlite).await);
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(4).await;
    let model = ann.train().await.id;
    server.stop();
    let orphan = s3.folder().join(format!("models/{}.safetensors", Uuid::now_v7()));
    fs::write(&orphan, "left behind").expect("one's own folder");
    for entry in fs::read_dir(s3.folder().join("models")).expect("a folder").flatten() {
        let file = fs::File::options().write(true).open(entry.path()).expect("one's own file");
        file.set_modified(SystemTime::now() - Duration::from_secs(2 * 60 * 60)).expect("one's own file");
    }
    let server = Server::start(&home);
    eventually("it is swept away", async || (!orphan.exists()).then_some(())).await;
    let unseen = Motif::Circles.files_from(900, 1);
    ann.at(&server).api.predict(model, &unseen).await.expect("the files of a model that is there stay");
}

#[tokio::test]
async fn a_storage_that_can_not_be_used_is_said_at_the_start() {
    let home = Home::new(Database::Sqlite).await.with("PUPIL_STORAGE", "ftp://somewhere");
    let mut serve = home.command();
    serve.arg("serve");
    let refused = pupil_tests::program::run(serve).await;
    assert_ne!(refused.code, Some(0));
    assert!(refused.stderr.contains("s3://bucket/prefix"), "{refused:?}");
}

fn remove(path: &Path) {
    fs::remove_file(path).expect("one's own folder");
}
