//! `POST /api/projects/{id}/train`, `/api/models/{id}` and its cancellation.

use dto::{
    ErrorCode, ModelId,
    model::{AccuracyKind, Mode, Model, Settings, Status, TrainRequest},
};
use pupil_tests::{
    Person, Server,
    client::{problem_in, send},
    notice::notice,
    pictures::Motif,
    refused,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::time::Instant;
use uuid::Uuid;

both_databases![
    a_run_ends_with_a_model_that_knows_how_good_it_is,
    every_setting_has_a_default,
    settings_are_kept_and_versions_counted,
    the_same_seed_on_the_same_data_gives_the_same_model,
    mirrored_views_are_embedded_when_first_asked_for,
    both_backbones_learn_where_their_weights_are,
    a_run_waits_for_images_that_are_not_embedded_yet,
    unlabelled_and_deleted_images_are_not_learned_from,
    with_too_little_to_learn_from_the_answer_says_what_is_missing,
    settings_that_make_no_sense_are_refused,
    a_run_can_be_stopped_and_the_next_one_works,
    a_run_that_is_over_can_not_be_stopped,
    another_users_model_does_not_exist,
    four_hundred_pictures_are_learned_at_once,
];

/// How many pictures a label needs where it does not matter.
const SOME: u64 = 12;

async fn a_run_ends_with_a_model_that_knows_how_good_it_is(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(SOME).await;
    let queued = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    assert_eq!((queued.project_id, queued.version, queued.mode), (ann.project, 1, Mode::Instant));
    assert!(!queued.name.is_empty());

    let model = ann.wait_ready(queued.id).await;
    assert_eq!((model.id, model.phase, model.image_count), (queued.id, None, 2 * SOME));
    let labels: Vec<_> = model.labels.iter().map(|label| (Some(label.id), label.name.as_str())).collect();
    assert_eq!(labels, [(circles[0].label_id, "circles"), (stripes[0].label_id, "stripes")]);
    let accuracy = model.accuracy.expect("a ready model has one");
    let [low, high] = model.accuracy_interval.expect("a ready model has one");
    assert!(accuracy >= 0.9, "circles and stripes are easy to tell apart: {accuracy}");
    assert!(0.0 <= low && low <= accuracy && accuracy <= high && high <= 1.0, "{low} {accuracy} {high}");
    assert!(low < high, "24 pictures can't make one certain");
    assert_eq!(model.accuracy_kind, Some(AccuracyKind::CrossValidation));
    assert!(model.training_accuracy.is_some_and(|training| (0.9..=1.0).contains(&training)));
    assert!(model.train_seconds.is_some_and(|seconds| seconds > 0.0));
    assert!(model.finished_at.is_some_and(|finished| finished >= model.created_at));
    assert_epochs_make_sense(&model);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").latest_model_id, Some(model.id));
}

async fn every_setting_has_a_default(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let response = send(train_request(&ann).json(&json!({}))).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    let model: Model = response.json().await.expect("a model");
    assert_eq!(model.settings, Settings::default());
    assert_eq!(Some(model.backbone), server.client().health().await.expect("ready").backbone);
    ann.wait_ready(model.id).await;
}

async fn settings_are_kept_and_versions_counted(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let request = TrainRequest {
        max_epochs: Some(3),
        target_accuracy: Some(1.0),
        patience: Some(7),
        seed: Some(42),
        ..TrainRequest::default()
    };
    let mut made = Vec::new();
    for version in 1..=3 {
        let model = ann.train_as(&request).await.expect("there is enough");
        assert_eq!(model.version, version);
        assert_eq!(
            model.settings,
            Settings { max_epochs: 3, target_accuracy: 1.0, patience: 7, seed: 42, mirror: false }
        );
        assert_eq!(model.epochs.len(), 3);
        assert_eq!(ann.api.model(model.id).await.expect("one's own"), model);
        made.insert(0, model.id);
    }
    let listed: Vec<ModelId> =
        ann.api.models(ann.project).await.expect("one's own").items.iter().map(|model| model.id).collect();
    assert_eq!(listed, made, "the newest first");
}

async fn the_same_seed_on_the_same_data_gives_the_same_model(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let request = TrainRequest { seed: Some(1), ..TrainRequest::default() };
    let first = ann.train_as(&request).await.expect("there is enough");
    let second = ann.train_as(&request).await.expect("there is enough");
    let losses = |model: &Model| -> Vec<u64> { model.epochs.iter().map(|epoch| epoch.loss.to_bits()).collect() };
    assert_eq!(losses(&first), losses(&second), "bit for bit");
    assert_eq!(first.accuracy, second.accuracy);
}

async fn mirrored_views_are_embedded_when_first_asked_for(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let plain = ann.train().await;
    assert!(!plain.settings.mirror);
    let request = TrainRequest { mirror: Some(true), ..TrainRequest::default() };
    let model = ann.train_as(&request).await.expect("there is enough");
    assert!(model.settings.mirror && model.accuracy >= Some(0.9), "{model:?}");
    assert_eq!(model.image_count, 2 * SOME, "a picture and its mirrored view are one");
    assert_ne!(model.epochs[1].loss, plain.epochs[1].loss, "it has seen more");
    let changed = ann.api.compare(plain.id, model.id).await.expect("both are ready").settings;
    assert_eq!(changed.iter().map(|change| change.setting.as_str()).collect::<Vec<_>>(), ["mirror"]);
    assert_eq!(ann.api.results(model.id, &Default::default()).await.expect("ready").items.len(), 2 * SOME as usize);
}

async fn both_backbones_learn_where_their_weights_are(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    for health in server.client().health().await.expect("ready").backbones {
        let request = TrainRequest { backbone: Some(health.backbone), ..TrainRequest::default() };
        if health.pretrained {
            let model = ann.train_as(&request).await.expect("there is enough");
            assert_eq!(model.backbone, health.backbone);
            assert!(model.accuracy.is_some_and(|accuracy| accuracy >= 0.9), "{model:?}");
        } else {
            refused(ann.api.train(ann.project, &request).await, ErrorCode::WeightsMissing);
            notice(&format!("{} was not trained: {:?}", health.backbone.title(), health.problem));
        }
    }
}

async fn a_run_waits_for_images_that_are_not_embedded_yet(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(SOME).await;
    let model = ann.train().await;
    assert_eq!(model.image_count, 2 * SOME);
    // With the default backbone, what a run has waited for is kept.
    assert!(ann.api.image(circles[0].id).await.expect("one's own").embedded);
}

async fn unlabelled_and_deleted_images_are_not_learned_from(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(SOME).await;
    ann.upload(&Motif::Circles.files_from(100, 3), None).await;
    ann.api.delete_image(circles[0].id).await.expect("it is there");
    ann.api.create_label(ann.project, "of nothing").await.expect("a new name");
    let model = ann.train().await;
    assert_eq!(model.image_count, 2 * SOME - 1);
    assert_eq!(model.labels.len(), 2, "a label without images can't be learned: {:?}", model.labels);
}

async fn with_too_little_to_learn_from_the_answer_says_what_is_missing(server: &Server) {
    let ann = Person::new(server).await;
    let too_little = async || {
        let problem = refused(ann.api.train(ann.project, &TrainRequest::default()).await, ErrorCode::NotEnoughImages);
        assert!(problem.more.contains_key("missing"), "{problem:?}");
        problem.detail
    };
    let nothing = too_little().await;
    ann.upload(&Motif::Circles.files_from(500, 5), None).await;
    too_little().await;
    ann.upload_motif(Motif::Circles, SOME).await;
    let one_label = too_little().await;
    ann.api.create_label(ann.project, "stripes").await.expect("a new name");
    too_little().await;
    assert_ne!(nothing, one_label, "each situation has its own sentence");
    assert_eq!(ann.api.models(ann.project).await.expect("one's own").items, []);

    ann.upload_motif(Motif::Stripes, SOME).await;
    ann.train().await;
}

async fn settings_that_make_no_sense_are_refused(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let out_of_range = [
        ("max_epochs", json!(0)),
        ("max_epochs", json!(1001)),
        ("target_accuracy", json!(1.5)),
        ("target_accuracy", json!(-0.1)),
        ("seed", json!(1_u64 << 53)),
    ];
    for (field, value) in out_of_range {
        let problem = problem_in(send(train_request(&ann).json(&json!({ field: value }))).await).await;
        assert_eq!((problem.code, problem.field()), (ErrorCode::InvalidField, Some(field)), "{problem:?}");
    }
    let of_wrong_kind = [
        json!({ "mode": "telepathy" }),
        json!({ "backbone": "resnet9000" }),
        json!({ "max_epochs": "many" }),
        json!({ "max_epochs": -1 }),
    ];
    for body in of_wrong_kind {
        let problem = problem_in(send(train_request(&ann).json(&body)).await).await;
        assert_eq!(problem.code, ErrorCode::InvalidJson, "{body}");
    }
    assert_eq!(ann.api.models(ann.project).await.expect("one's own").items, []);
}

async fn a_run_can_be_stopped_and_the_next_one_works(server: &Server) {
    let ann = Person::new(server).await;
    // Pictures that nobody has embedded yet keep a run busy long enough to be stopped.
    for motif in [Motif::Circles, Motif::Stripes] {
        ann.upload(&motif.files_from(10_000, 150), Some(motif.label())).await;
    }
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    ann.api.cancel(run.id).await.expect("it has just begun");
    let stopped = ann.api.wait_until_over(run.id).await;
    assert_eq!((stopped.status, stopped.accuracy, stopped.problem), (Status::Cancelled, None, None));
    assert!(stopped.finished_at.is_some());
    refused(ann.api.predict(run.id, &Motif::Circles.files(1)).await, ErrorCode::ModelNotReady);
    refused(ann.api.predict_in_project(ann.project, &Motif::Circles.files(1)).await, ErrorCode::NoModel);
    assert_eq!(ann.train().await.version, 2);
}

async fn a_run_that_is_over_can_not_be_stopped(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    refused(ann.api.cancel(model.id).await, ErrorCode::NotRunning);
    assert_eq!(ann.api.model(model.id).await.expect("one's own"), model);
}

async fn another_users_model_does_not_exist(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    for id in [model.id, ModelId(Uuid::now_v7())] {
        refused(bob.api.model(id).await, ErrorCode::NotFound);
        refused(bob.api.cancel(id).await, ErrorCode::NotFound);
        refused(bob.api.mistakes(id).await, ErrorCode::NotFound);
        refused(bob.api.predict(id, &Motif::Circles.files(1)).await, ErrorCode::NotFound);
        assert_eq!(bob.api.events(id).await.err().map(|problem| problem.code), Some(ErrorCode::NotFound));
    }
}

async fn four_hundred_pictures_are_learned_at_once(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(200).await;
    // The first run waits for the embeddings; the second has them.
    ann.train().await;
    let start = Instant::now();
    let model = ann.train().await;
    let seconds = start.elapsed().as_secs_f64();
    notice(&format!(
        "400 pictures, from POST train to ready: {seconds:.2} s, of which {:?} s training",
        model.train_seconds
    ));
    assert_eq!(model.image_count, 400);
    // Other tests run beside this one; alone it is well below a second.
    assert!(seconds < 20.0, "training does not look at the pictures again: {seconds} s");
}

fn assert_epochs_make_sense(model: &Model) {
    assert!(!model.epochs.is_empty());
    for (number, epoch) in (0..).zip(&model.epochs) {
        assert_eq!(epoch.epoch, number);
        assert!(epoch.loss.is_finite() && epoch.seconds >= 0.0, "{epoch:?}");
        assert!((0.0..=1.0).contains(&epoch.accuracy), "{epoch:?}");
        assert!(epoch.validation_accuracy.is_none_or(|accuracy| (0.0..=1.0).contains(&accuracy)), "{epoch:?}");
    }
    assert!(model.epochs.is_sorted_by_key(|epoch| epoch.elapsed_seconds));
    assert!(model.epochs.last().expect("there are epochs").loss < model.epochs[0].loss, "it has learned something");
}

fn train_request(person: &Person) -> reqwest::RequestBuilder {
    person.api.request(Method::POST, &format!("/projects/{}/train", person.project))
}
