//! What survives when the server ends: everything that it has said yes to.

use dto::{
    image::ImageQuery,
    model::{Status, TrainRequest},
};
use futures::future::join_all;
use pupil_tests::{Database, Home, Person, Server, deadline::eventually, pictures::Motif};
use std::time::Duration;

both_databases_own_server![
    a_kill_after_an_upload_loses_nothing,
    a_kill_during_an_upload_leaves_nothing_half_written,
    a_kill_during_training_ends_the_run_and_the_next_one_works,
    a_model_is_as_it_was_after_a_restart,
    a_polite_end_is_quick_and_clean,
];

async fn a_kill_after_an_upload_loses_nothing(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let files = Motif::Circles.files(30);
    let images = ann.upload(&files, Some("circles")).await;
    server.kill();

    let server = Server::start(&home);
    let ann = ann.at(&server);
    for (image, file) in images.iter().zip(&files) {
        let found = ann.api.image(image.id).await.expect("it was acknowledged");
        assert_eq!((&found.file_name, found.label_id), (&file.name, image.label_id));
        assert_eq!(ann.api.image_file(image.id).await.bytes().await.expect("a file"), file.bytes);
        assert!(ann.api.thumbnail(image.id).await.status().is_success());
    }
    // Those that were still waiting to be embedded are taken up again.
    for image in &images {
        eventually("the image is embedded", async || {
            ann.api.image(image.id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
}

async fn a_kill_during_an_upload_leaves_nothing_half_written(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let uploads: Vec<_> = (0..8)
        .map(|batch| {
            let (api, project) = (ann.api.clone(), ann.project);
            let request = pupil_tests::files::form(&Motif::Circles.files_from(batch * 40, 40));
            tokio::spawn(async move {
                let path = format!("/projects/{project}/images");
                // The server goes down under it, so it may well fail.
                let _ = api.request(reqwest::Method::POST, &path).multipart(request).send().await;
            })
        })
        .collect();
    eventually("the first pictures are stored", async || {
        let project = ann.api.project(ann.project).await.expect("one's own");
        (project.image_count > 0).then_some(())
    })
    .await;
    server.kill();
    join_all(uploads).await;

    let server = Server::start(&home);
    let ann = ann.at(&server);
    let query = ImageQuery { limit: Some(500), ..ImageQuery::default() };
    let images = ann.api.images(ann.project, &query).await.expect("one's own").items;
    assert!(!images.is_empty());
    for image in &images {
        let bytes = ann.api.image_file(image.id).await.bytes().await.expect("a file");
        assert_eq!(bytes.len() as u64, image.bytes, "a row never points at a missing file");
        assert!(ann.api.thumbnail(image.id).await.status().is_success());
    }
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, images.len() as u64);
}

async fn a_kill_during_training_ends_the_run_and_the_next_one_works(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(100).await;
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    server.kill();

    let server = Server::start(&home);
    let ann = ann.at(&server);
    let model = ann.api.wait_until_over(run.id).await;
    match model.status {
        Status::Ready => assert!(model.accuracy.is_some()),
        Status::Failed => assert!(model.problem.is_some_and(|problem| !problem.detail.is_empty())),
        other => panic!("nobody has stopped it: {other:?}"),
    }
    assert_eq!(ann.train().await.version, 2);
}

async fn a_model_is_as_it_was_after_a_restart(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(12).await;
    let model = ann.train().await;
    let unseen = Motif::Circles.files_from(900, 3);
    let answer = ann.api.predict(model.id, &unseen).await.expect("a ready model");
    let mistakes = ann.api.mistakes(model.id).await.expect("one's own");
    server.stop();

    let server = Server::start(&home);
    let ann = ann.at(&server);
    ann.api.me().await.expect("the session outlives the process");
    assert_eq!(ann.api.model(model.id).await.expect("one's own"), model);
    assert_eq!(ann.api.predict(model.id, &unseen).await.expect("a ready model"), answer);
    assert_eq!(ann.api.mistakes(model.id).await.expect("one's own"), mistakes);
    assert!(!ann.api.events(model.id).await.expect("one's own").to_end().await.is_empty());
}

async fn a_polite_end_is_quick_and_clean(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(5).await;
    let start = std::time::Instant::now();
    assert!(server.stop().success());
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}
