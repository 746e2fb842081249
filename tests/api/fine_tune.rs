//! Fine-tuning: the whole network learns, for minutes, whatever happens meanwhile.

use dto::{
    model::{AccuracyKind, Mode, Model, Phase, Status, TrainRequest},
    result::ResultQuery,
};
use pupil_tests::{Database, Home, Person, Server, data, deadline::eventually, notice::notice, pictures::Motif};
use std::time::{Duration, Instant};

both_databases![
    the_whole_network_learns_and_predicts,
    a_run_can_be_stopped_at_once,
    an_instant_run_does_not_wait_for_a_long_one,
];

both_databases_own_server![
    a_killed_process_goes_on_from_the_last_finished_epoch,
    a_run_need_not_wait_for_all_of_somebody_elses,
];

/// How many pictures a label has: an epoch takes about a second.
const SOME: u64 = 10;

fn fine_tune(max_epochs: u32) -> TrainRequest {
    // Patience beyond the end: every epoch runs.
    TrainRequest {
        mode: Mode::FineTune,
        max_epochs: Some(max_epochs),
        patience: Some(max_epochs),
        ..TrainRequest::default()
    }
}

async fn the_whole_network_learns_and_predicts(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train_as(&fine_tune(3)).await.expect("there is enough");
    assert_eq!((model.mode, model.accuracy_kind), (Mode::FineTune, Some(AccuracyKind::HeldOut)));
    assert_eq!(model.epochs.iter().map(|epoch| epoch.epoch).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(model.epochs.iter().all(|epoch| epoch.loss.is_finite() && epoch.validation_accuracy.is_some()));
    assert!(model.epochs.windows(2).all(|pair| pair[0].elapsed_seconds < pair[1].elapsed_seconds));

    let results = ann.api.results(model.id, &ResultQuery::default()).await.expect("one's own").items;
    let held_out = results.iter().filter(|result| result.out_of_fold).count();
    assert_eq!((results.len(), held_out), (20, 4), "a fifth is held out");

    let unseen = Motif::Circles.files_from(900, 4);
    let answer = ann.api.predict(model.id, &unseen).await.expect("a ready model");
    assert!(answer.items.iter().all(|item| item.label.as_deref() == Some("circles")), "{answer:?}");
    // Another model's network between two questions changes nothing.
    let other = TrainRequest { seed: Some(7), ..fine_tune(1) };
    let other = ann.train_as(&other).await.expect("there is enough");
    let of_other = ann.api.predict(other.id, &unseen).await.expect("a ready model");
    assert_eq!(ann.api.predict(model.id, &unseen).await.expect("a ready model"), answer);
    assert_ne!(of_other.items[0].probabilities, answer.items[0].probabilities, "they have learned differently");
}

async fn a_run_can_be_stopped_at_once(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let run = ann.api.train(ann.project, &fine_tune(1000)).await.expect("there is enough").id;
    eventually("an epoch is under way", async || {
        let model = ann.api.model(run).await.expect("one's own");
        (model.phase == Some(Phase::Training) && model.progress.done > 0).then_some(())
    })
    .await;
    let asked = Instant::now();
    ann.api.cancel(run).await.expect("it is running");
    let model = ann.api.wait_until_over(run).await;
    assert_eq!(model.status, Status::Cancelled);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    // The thread is free again.
    ann.train_as(&fine_tune(1)).await.expect("there is enough");
}

async fn an_instant_run_does_not_wait_for_a_long_one(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let long = ann.api.train(ann.project, &fine_tune(1000)).await.expect("there is enough").id;
    ann.train().await;
    let meanwhile = ann.api.model(long).await.expect("one's own");
    assert!(!meanwhile.status.is_over(), "{meanwhile:?}");
    ann.api.cancel(long).await.expect("it is not over");
}

async fn a_run_need_not_wait_for_all_of_somebody_elses(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    ann.upload_both(SOME).await;
    bob.upload_both(SOME).await;
    let mut anns = Vec::new();
    for _ in 0..4 {
        anns.push(ann.api.train(ann.project, &fine_tune(2)).await.expect("there is enough").id);
    }
    bob.train_as(&fine_tune(1)).await.expect("there is enough");
    let mut queued = 0;
    for run in &anns {
        queued += usize::from(ann.api.model(*run).await.expect("one's own").status == Status::Queued);
    }
    assert!(queued >= 2, "{queued} of Ann's are still to begin");
    for run in anns {
        ann.wait_ready(run).await;
    }
}

async fn a_killed_process_goes_on_from_the_last_finished_epoch(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(SOME).await;
    let run = ann.api.train(ann.project, &fine_tune(5)).await.expect("there is enough").id;
    let before: Model = eventually("two epochs are over", async || {
        let model = ann.api.model(run).await.expect("one's own");
        (model.epochs.len() >= 2).then_some(model)
    })
    .await;
    server.kill();

    let server = Server::start(&home);
    let ann = ann.at(&server);
    let model = ann.wait_ready(run).await;
    assert_eq!(model.epochs.len(), 5);
    // The very epoch that was just over may not have reached the disk; the one before has.
    assert_eq!(model.epochs[0], before.epochs[0], "what was learned before is not learned again");
    assert!(server.log().contains("goes on where it was interrupted"), "{}", server.log());
    ann.api.predict(run, &Motif::Stripes.files_from(900, 1)).await.expect("a ready model");
}

/// On photos: what the paper's platform does, in three epochs.
#[tokio::test]
async fn three_epochs_tell_dogs_from_cats() {
    let Some(photos) = data::folder("dogs_vs_cats") else { return };
    // A server of its own: the others' runs would wait for minutes behind this one.
    let home = Home::new(Database::Sqlite).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let upload = crate::scripts::run("upload-folder.sh", &ann, [photos.join("train")]).await;
    assert_eq!(upload.code, Some(0), "{upload:?}");
    let run = ann.api.train(ann.project, &fine_tune(3)).await.expect("there is enough").id;
    let over = eventually_slow(&ann, run).await;
    assert_eq!(over.status, Status::Ready, "{:?}", over.problem);
    let accuracy = crate::accuracy::accuracy_on(&ann, &photos.join("test")).await;
    notice(&format!("dogs_vs_cats fine-tuned for three epochs: {accuracy:.3} of unseen photos"));
    assert!(accuracy >= 0.95, "{accuracy}");
}

/// An epoch of 400 photos may take a minute on a busy machine: what must not happen is that nothing happens.
async fn eventually_slow(ann: &Person, run: dto::ModelId) -> Model {
    let mut last = None;
    loop {
        let model = eventually("the run goes on", async || {
            let model = ann.api.model(run).await.expect("one's own");
            let state = (model.status, model.phase, model.progress, model.epochs.len());
            (last != Some(state)).then_some(model)
        })
        .await;
        if model.status.is_over() {
            return model;
        }
        last = Some((model.status, model.phase, model.progress, model.epochs.len()));
    }
}
