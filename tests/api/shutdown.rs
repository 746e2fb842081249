//! A server that is asked to end, as a new version's start does: what is under way is brought to an end first.

use dto::{
    image::Upload,
    model::{Mode, Model, ModelEvent, TrainRequest},
};
use futures::{StreamExt, channel::mpsc};
use pupil_tests::{Database, File, Home, Person, Server, deadline::eventually, pictures::Motif};
use reqwest::{Body, Method, StatusCode, header};
use std::{
    convert::Infallible,
    fs,
    path::Path,
    time::{Duration, Instant},
};

both_databases_own_server![an_upload_under_way_is_finished, listeners_are_let_go, a_fine_tuning_keeps_its_last_epoch,];

/// Nothing that is waited for takes that long.
const SOON: Duration = Duration::from_secs(8);
const BOUNDARY: &str = "boundary-of-the-test";

async fn an_upload_under_way_is_finished(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let [first, second] = [&Motif::Circles.files(2)[0], &Motif::Circles.files(2)[1]];
    let (sender, body) = mpsc::unbounded::<Vec<u8>>();
    let request = ann
        .api
        .request(Method::POST, &format!("/projects/{}/images", ann.project))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::wrap_stream(body.map(Ok::<_, Infallible>)));
    let answer = tokio::spawn(request.send());
    sender.unbounded_send(part(first)).expect("it is being sent");
    // The part ends where the next begins.
    sender.unbounded_send(format!("--{BOUNDARY}\r\n").into()).expect("it is being sent");
    let originals = home.data_folder().join("blobs/originals");
    eventually("the first file has arrived", async || has_entries(&originals).then_some(())).await;
    server.ask_to_end();
    eventually("it takes no new connections", async || reqwest::get(server.address()).await.is_err().then_some(()))
        .await;
    sender.unbounded_send(part(second).split_off(BOUNDARY.len() + 4)).expect("it is being sent");
    sender.unbounded_send(format!("--{BOUNDARY}--\r\n").into()).expect("it is being sent");
    drop(sender);
    let answer = answer.await.expect("no panic").expect("it is answered");
    assert_eq!(answer.status(), StatusCode::OK);
    let upload: Upload = answer.json().await.expect("an upload");
    assert_eq!(upload.stored, 2);
    assert_eq!(server.ended().code(), Some(0));

    let server = Server::start(&home);
    let ann = ann.at(&server);
    for (item, file) in upload.items.iter().zip([first, second]) {
        let image = item.image.as_ref().expect("stored");
        assert_eq!(ann.api.image_file(image.id).await.bytes().await.expect("a file"), file.bytes);
    }
}

async fn listeners_are_let_go(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(10).await;
    let run = ann.api.train(ann.project, &fine_tune(1000)).await.expect("there is enough").id;
    let mut events = ann.api.events(run).await.expect("one's own");
    while !matches!(events.next().await, Some(ModelEvent::Epoch(_))) {}
    let asked = Instant::now();
    server.ask_to_end();
    let rest = events.to_end().await;
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
    assert!(!rest.iter().any(|event| matches!(event, ModelEvent::Failed(_) | ModelEvent::Cancelled(_))), "{rest:?}");
    assert_eq!(server.ended().code(), Some(0));
    assert!(asked.elapsed() < SOON, "it ends as soon as nobody is left: {:?}", asked.elapsed());
}

async fn a_fine_tuning_keeps_its_last_epoch(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(10).await;
    let run = ann.api.train(ann.project, &fine_tune(8)).await.expect("there is enough").id;
    let before: Model = eventually("some epochs are over", async || {
        let model = ann.api.model(run).await.expect("one's own");
        (model.epochs.len() >= 3).then_some(model)
    })
    .await;
    assert!(!before.status.is_over(), "{before:?}");
    let asked = Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());

    let server = Server::start(&home);
    let ann = ann.at(&server);
    let model = ann.wait_ready(run).await;
    assert_eq!(model.epochs.len(), 8);
    // What takes its time again would not take exactly as long.
    assert_eq!(model.epochs[..before.epochs.len()], before.epochs);
}

fn fine_tune(max_epochs: u32) -> TrainRequest {
    TrainRequest {
        mode: Mode::FineTune,
        max_epochs: Some(max_epochs),
        patience: Some(max_epochs),
        ..TrainRequest::default()
    }
}

/// A part of a multipart body, with the boundary before it.
fn part(file: &File) -> Vec<u8> {
    let head =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n", file.name);
    [head.as_bytes(), &file.bytes, b"\r\n"].concat()
}

fn has_entries(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
