//! A database server that goes away for a while: it is said so, and then everything goes on, in the same process.

use crate::{long, not_run};
use dto::{
    ErrorCode,
    model::{Mode, TrainRequest},
};
use pupil_tests::{Database, Home, Person, Server, cluster::Cluster, deadline::eventually, pictures::Motif};
use reqwest::{Method, StatusCode, header};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_database_that_is_away_for_a_while_is_waited_for() {
    let Some(mut cluster) = Cluster::start().await else {
        return not_run(
            "a_database_that_is_away_for_a_while_is_waited_for",
            "no PostgreSQL server can be started here",
        );
    };
    // The data folder of one, the database of another.
    let home = Home::new(Database::Sqlite).await.with("DATABASE_URL", cluster.url());
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let files = Motif::Circles.files(10);
    let images = ann.upload(&files, Some("circles")).await;
    ann.upload_motif(Motif::Stripes, 10).await;
    let sound = ann.train().await;
    let long_run =
        TrainRequest { mode: Mode::FineTune, max_epochs: Some(12), patience: Some(12), ..Default::default() };
    let run = ann.api.train(ann.project, &long_run).await.expect("there is enough").id;
    eventually("it learns", async || (!ann.api.model(run).await.expect("one's own").epochs.is_empty()).then_some(()))
        .await;

    let away = Duration::from_secs(if long() { 30 } else { 12 });
    let since = Instant::now();
    cluster.stop();
    while since.elapsed() < away {
        for request in [
            ann.api.request(Method::GET, "/projects"),
            ann.api
                .request(Method::POST, &format!("/projects/{}/images", ann.project))
                .multipart(pupil_tests::files::form(&Motif::Circles.files_from(500, 2))),
        ] {
            let response = request.send().await.expect("the process lives");
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert!(response.headers().contains_key(header::RETRY_AFTER));
            let problem: dto::Problem = response.json().await.expect("a problem");
            assert_eq!(problem.code, ErrorCode::Unavailable);
        }
    }
    cluster.start_again().await;

    eventually("it is as before", async || ann.api.projects().await.ok()).await;
    for (image, file) in images.iter().zip(&files) {
        assert_eq!(ann.api.image_file(image.id).await.bytes().await.expect("a file"), file.bytes);
    }
    assert_eq!(ann.api.model(sound.id).await.expect("one's own"), sound);
    // Jobs, too: those that were under way, and new ones.
    let later = ann.upload(&Motif::Circles.files_from(500, 2), Some("circles")).await;
    for image in later {
        eventually("the image is embedded", async || {
            ann.api.image(image.id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
    ann.train().await;
    let over = ann.wait_ready(run).await;
    assert_eq!(over.epochs.len(), 12);
}
