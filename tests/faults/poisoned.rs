//! Work that can't be done, however often it is tried: it fails alone, and its owner can see that.

use dto::{
    ErrorCode,
    model::{Mode, Status, TrainRequest},
};
use pupil_tests::{Database, Home, Person, Server, database, deadline::eventually, pictures::Motif};
use reqwest::header;
use std::{fs, os::unix::fs::symlink};

both_databases_own_server![
    a_picture_that_can_not_be_read_harms_no_other,
    a_picture_whose_file_can_not_be_opened_harms_no_other,
];

async fn a_picture_that_can_not_be_read_harms_no_other(database: Database) {
    // Nobody looks at the pictures yet.
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    let [circles, stripes] = ann.upload_both(6).await;
    for motif in [Motif::Circles, Motif::Stripes] {
        bob.upload(&motif.files_from(700, 4), Some(motif.label())).await;
    }
    let broken = circles[2].id;
    let response = ann.api.image_file(broken).await;
    let hash = response.headers()[header::ETAG].to_str().expect("ASCII").trim_matches('"').to_owned();
    fs::write(home.data_folder().join("blobs/originals").join(&hash[..2]).join(&hash), "no picture")
        .expect("one's own");
    server.stop();

    let home = home.with("PUPIL_WORKERS", "2");
    let server = Server::start(&home);
    let (ann, bob) = (ann.at(&server), bob.at(&server));
    for image in circles.iter().chain(&stripes).filter(|image| image.id != broken) {
        eventually("the others are embedded", async || {
            ann.api.image(image.id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
    assert!(!ann.api.image(broken).await.expect("one's own").embedded);
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough").id;
    let over = ann.api.wait_until_over(run).await;
    let problem = over.problem.expect("a reason");
    assert_eq!((over.status, problem.code), (Status::Failed, ErrorCode::TrainingFailed));
    assert!(problem.detail.contains("Delete"), "it says what to do: {problem:?}");
    bob.train().await;
    ann.api.delete_images(ann.project, &[broken]).await.expect("one's own");
    ann.train().await;
}

/// Not missing, nor with other bytes: a link to itself is what nobody can open, whoever runs this.
async fn a_picture_whose_file_can_not_be_opened_harms_no_other(database: Database) {
    // Nobody looks at the pictures yet.
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    let files = Motif::Circles.files(6);
    let circles = ann.upload(&files, Some("circles")).await;
    let stripes = ann.upload_motif(Motif::Stripes, 6).await;
    let mut others = Vec::new();
    for motif in [Motif::Circles, Motif::Stripes] {
        others.extend(bob.upload(&motif.files_from(700, 5), Some(motif.label())).await);
    }
    let broken = circles[2].id;
    let response = ann.api.image_file(broken).await;
    let hash = response.headers()[header::ETAG].to_str().expect("ASCII").trim_matches('"').to_owned();
    let path = home.data_folder().join("blobs/originals").join(&hash[..2]).join(&hash);
    fs::remove_file(&path).and_then(|()| symlink(&path, &path)).expect("one's own");
    server.stop();

    let home = home.with("PUPIL_WORKERS", "2");
    let server = Server::start(&home);
    let (ann, bob) = (ann.at(&server), bob.at(&server));
    let of_ann = circles.iter().chain(&stripes).filter(|image| image.id != broken).map(|image| (&ann, image.id));
    for (person, id) in of_ann.chain(others.iter().map(|image| (&bob, image.id))) {
        eventually("the others are embedded", async || {
            person.api.image(id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
    eventually("its operator is told which", async || {
        server.log().lines().any(|line| line.contains("can't be looked at") && line.contains(&hash)).then_some(())
    })
    .await;
    assert!(!ann.api.image(broken).await.expect("one's own").embedded);
    bob.train().await;
    // Its owner need not delete it.
    ann.upload(&files[2..3], None).await;
    eventually("it is mended", async || ann.api.image(broken).await.expect("one's own").embedded.then_some(())).await;
    ann.train().await;
}

/// Only PostgreSQL lets somebody else write to its tables this easily.
#[tokio::test]
async fn a_run_that_breaks_down_each_time_is_given_up_and_others_go_on() {
    if !Database::Postgres.is_available() {
        return;
    }
    let home = Home::new(Database::Postgres).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(6).await;
    let poisoned = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough").id;
    let tuned = TrainRequest { mode: Mode::FineTune, max_epochs: Some(1), ..TrainRequest::default() };
    let poisoned_tuning = ann.api.train(ann.project, &tuned).await.expect("there is enough").id;
    let good = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough").id;
    for run in [poisoned, poisoned_tuning] {
        let spoil = "UPDATE results SET content_hash = 'poison' WHERE model_id = $1";
        assert!(database::execute(&home, spoil, &[&run.to_string()]).await > 0);
    }
    server.stop();

    let home = home.with("PUPIL_WORKERS", "2");
    let server = Server::start(&home);
    let ann = ann.at(&server);
    ann.wait_ready(good).await;
    for run in [poisoned, poisoned_tuning] {
        let over = ann.api.wait_until_over(run).await;
        let problem = over.problem.expect("a reason");
        assert_eq!((over.status, problem.code), (Status::Failed, ErrorCode::TrainingFailed));
        assert!(problem.detail.contains("more than once"), "{problem:?}");
    }
    ann.train().await;
    ann.train_as(&tuned).await.expect("there is enough");
}
