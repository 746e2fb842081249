//! Killed at random moments while everything goes on at once: what was acknowledged is there and right, and every run
//! ends.

use dto::{
    ImageId, LabelId, ModelId, ProjectId,
    image::{ImageChange, Upload},
    model::{Model, Status, TrainRequest},
};
use fastrand::Rng;
use futures::future::join_all;
use pupil_tests::{
    Database, File, Home, Person, Server, client::Client, files::form, notice::notice, pictures::Motif, program,
};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use std::{collections::HashMap, time::Duration};

both_databases_own_server![everything_acknowledged_outlives_kills];

/// Who uploads at once.
const UPLOADERS: u64 = 3;
const FILES: u64 = 4;
/// A kill comes between these many milliseconds after the load has begun.
const MOMENT: std::ops::Range<u64> = 30..1500;

/// What the server has said yes to.
#[derive(Default)]
struct Acknowledged {
    /// The bytes of each picture, and its label where the last change of it was answered.
    images: HashMap<ImageId, (File, Option<Option<LabelId>>)>,
    runs: Vec<ModelId>,
    /// The models that were said to be ready, as they were then.
    ready: Vec<Model>,
}

async fn everything_acknowledged_outlives_kills(database: Database) {
    let kills = if crate::long() { 50 } else { 10 };
    let seed = fastrand::u64(..);
    notice(&format!("killed on {database:?} with the seed {seed}"));
    let mut random = Rng::with_seed(seed);
    let home = Home::new(database).await;
    let mut server = Server::start(&home);
    let mut ann = Person::new(&server).await;
    // A run of what comes in all the time rarely ends before a kill; one of a few pictures that stay often does, and the
    // first one does so before all kills.
    let few = ann.api.create_project("A few").await.expect("a name").id;
    for motif in [Motif::Circles, Motif::Stripes] {
        ann.api.upload(few, &motif.files(8), Some(motif.label())).await.expect("good pictures");
    }
    let first = ann.api.train(few, &TrainRequest::default()).await.expect("there is enough to learn from").id;
    let mut all = Acknowledged { ready: vec![ann.wait_ready(first).await], ..Acknowledged::default() };
    for round in 0..kills {
        let load: Vec<_> = (0..UPLOADERS)
            .map(|uploader| (round * UPLOADERS + uploader) * 10_000)
            .map(|first_seed| tokio::spawn(upload_and_label(ann.api.clone(), ann.project, first_seed)))
            .collect();
        let runs = [ann.project, few].map(|project| tokio::spawn(train_again_and_again(ann.api.clone(), project)));
        tokio::time::sleep(Duration::from_millis(random.u64(MOMENT))).await;
        server.kill();
        let load = join_all(load).await.into_iter().map(|task| task.expect("no panic")).collect::<Vec<_>>();
        let runs: Vec<Model> = join_all(runs).await.into_iter().flat_map(|task| task.expect("no panic")).collect();

        server = Server::start(&home);
        ann = ann.at(&server);
        for (id, (file, label)) in load.iter().flatten() {
            let image = ann.api.image(*id).await.expect("it was acknowledged");
            assert_eq!(ann.api.image_file(*id).await.bytes().await.expect("a file"), file.bytes, "{image:?}");
            assert!(ann.api.thumbnail(*id).await.status().is_success(), "{image:?}");
            if let Some(label) = label {
                assert_eq!(image.label_id, *label, "{image:?}");
            }
        }
        all.runs.extend(runs.iter().map(|run| run.id));
        all.ready.extend(runs.into_iter().filter(|run| run.status == Status::Ready));
        // The first of them has outlived all kills so far, the last one only this.
        for before in [all.ready.first(), all.ready.last()].into_iter().flatten() {
            is_as_it_was(&ann.api, before).await;
        }
        all.images.extend(load.into_iter().flatten());
    }
    assert!(!all.images.is_empty(), "some uploads were answered");
    for (id, (_, label)) in &all.images {
        let image = ann.api.image(*id).await.expect("it was acknowledged");
        assert!(label.is_none_or(|label| label == image.label_id), "{image:?}");
    }
    for before in &all.ready {
        is_as_it_was(&ann.api, before).await;
    }
    for run in &all.runs {
        let model = ann.api.wait_until_over(*run).await;
        let reason = model.problem.as_ref().map_or("", |problem| &problem.detail);
        assert!(model.status == Status::Ready || model.status == Status::Failed && !reason.is_empty(), "{model:?}");
    }
    notice(&format!(
        "{} pictures and {} runs outlived {kills} kills, {} of them models that were ready before one",
        all.images.len(),
        all.runs.len(),
        all.ready.len()
    ));
    ann.train().await;
    let mut check = home.command();
    check.arg("check");
    let checked = program::run(check).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
}

/// A model that was ready still is, with all that was told of it, and predicts.
async fn is_as_it_was(api: &Client, before: &Model) {
    let now = api.model(before.id).await.expect("it was acknowledged");
    assert_eq!((now.status, &now.epochs), (Status::Ready, &before.epochs));
    api.predict(before.id, &Motif::Circles.files_from(1, 1)).await.expect("it was ready");
}

/// Uploads until the server is gone, and takes the label off one picture of each upload.
async fn upload_and_label(
    api: Client,
    project: ProjectId,
    first_seed: u64,
) -> HashMap<ImageId, (File, Option<Option<LabelId>>)> {
    let mut images = HashMap::new();
    for seed in (first_seed..).step_by(FILES as usize) {
        let motif = if seed % (2 * FILES) == 0 { Motif::Circles } else { Motif::Stripes };
        let files = motif.files_from(seed, FILES);
        let request = api.request(Method::POST, &format!("/projects/{project}/images"));
        let Some(upload) = answer::<Upload>(request.multipart(form(&files).text("label", motif.label()))).await else {
            break;
        };
        let stored: Vec<_> = upload.items.into_iter().map(|item| item.image.expect("a good picture")).collect();
        let first = stored[0].id;
        for (image, file) in stored.into_iter().zip(files) {
            assert!(image.label_id.is_some(), "{image:?}");
            images.insert(image.id, (file, Some(image.label_id)));
        }
        let change = api.request(Method::PATCH, &format!("/images/{first}")).json(&ImageChange { label_id: None });
        let changed = answer::<dto::image::Image>(change).await;
        if let Some((_, label)) = images.get_mut(&first) {
            // Whether a change that was not answered has been made, nobody can know.
            *label = changed.as_ref().map(|image| image.label_id);
        }
        if changed.is_none() {
            break;
        }
    }
    images
}

/// Trains, one run after another, until the server is gone: the runs as they were seen last.
async fn train_again_and_again(api: Client, project: ProjectId) -> Vec<Model> {
    let mut runs = Vec::new();
    loop {
        let request = api.request(Method::POST, &format!("/projects/{project}/train"));
        let Ok(response) = request.json(&TrainRequest::default()).send().await else { return runs };
        // There is too little to learn from at first.
        let Ok(mut model) = response.json::<Model>().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        while !model.status.is_over() {
            let Some(now) = answer(api.request(Method::GET, &format!("/models/{}", model.id))).await else {
                runs.push(model);
                return runs;
            };
            model = now;
        }
        runs.push(model);
    }
}

/// What the server answers; `None` once it is gone.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Option<T> {
    let response = request.send().await.ok()?;
    assert!(!response.status().is_server_error(), "{response:?}");
    response.json().await.ok()
}
