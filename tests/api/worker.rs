//! `pupil worker`: jobs in a process of their own.

use dto::model::{Status, TrainRequest};
use pupil_tests::{Database, Home, Person, Server, deadline::eventually};
use std::process::Stdio;
use tokio::process::Command;

both_databases_own_server![a_worker_does_what_a_server_without_workers_leaves];

async fn a_worker_does_what_a_server_without_workers_leaves(database: Database) {
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let images = ann.upload_both(6).await.concat();
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    assert_eq!(ann.api.model(run.id).await.expect("one's own").status, Status::Queued);

    let mut command = Command::from(home.command());
    let worker = command.arg("worker").stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn();
    let _until_the_end = worker.expect("the program can be run");

    assert_eq!(ann.api.wait_until_over(run.id).await.status, Status::Ready);
    for image in &images {
        eventually("the image is embedded", async || {
            ann.api.image(image.id).await.expect("one's own").embedded.then_some(())
        })
        .await;
    }
}
