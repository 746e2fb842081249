//! Training runs.

use crate::fixture::{Fixture, assert_error, hash, new_model, on_both_databases};
use anyhow::Result;
use dto::{
    ErrorCode, ImageId, ModelId, Problem, Timestamp,
    label::LabelChange,
    model::{Backbone, Epoch, Mode, Phase, Progress, Settings, Status},
};
use store::{
    NewModel, QueuedRun, Run, Standing,
    StoreError::{NotEnoughImages, NotFound, NotReady, NotRunning},
};
use uuid::Uuid;

on_both_databases! {
    need_two_labels_of_two_images learn_from_a_snapshot keep_what_they_were_asked report_how_far_they_are
    start_again_after_an_interruption count_beginnings_without_progress end_once end_by_the_attempt_that_began_last
    fail_with_a_reason are_cancelled_queued_or_running are_paged keep_labels_that_are_gone
    are_overlooked_only_before_they_begin
}

async fn need_two_labels_of_two_images(fixture: Fixture) -> Result<()> {
    let create = async || fixture.store.create_model(fixture.owner, fixture.project, &new_model()).await;
    assert_error!(create().await, NotEnoughImages { labels_with_images: 0, images: 0 });
    fixture.add(Some("cat"), 0..2).await?;
    fixture.add(None, 2..9).await?;
    let dog = fixture.add(Some("dog"), 9..10).await?;
    assert_error!(create().await, NotEnoughImages { labels_with_images: 1, images: 3 });
    fixture.add(Some("dog"), 10..11).await?;
    assert_eq!(create().await?.version, 1);
    fixture.store.delete_image(fixture.owner, dog[0].image.id).await?;
    assert_error!(create().await, NotEnoughImages { labels_with_images: 1, images: 3 });
    Ok(())
}

/// Whatever happens to images and labels afterwards.
async fn learn_from_a_snapshot(fixture: Fixture) -> Result<()> {
    let (store, owner) = (&fixture.store, fixture.owner);
    let empty = store.create_label(owner, fixture.project, "empty", None).await?;
    let cats = fixture.add(Some("cat"), 0..3).await?;
    let dogs = fixture.add(Some("dog"), 3..5).await?;
    fixture.add(None, 5..6).await?;
    let model = fixture.model().await?;
    assert_eq!((model.image_count, model.status, model.name.as_str()), (5, Status::Queued, "Version 1"));

    let [cat, dog] = [fixture.label_id("cat").await?, fixture.label_id("dog").await?];
    store.set_label(owner, cats[0].image.id, Some(dog)).await?;
    store.delete_image(owner, cats[1].image.id).await?;
    store.delete_label(owner, dog).await?;
    store.delete_label(owner, empty.id).await?;
    fixture.add(Some("cat"), 6..9).await?;
    fixture.add(Some("cat"), 1..2).await?;

    let run = store.start_model(model.id, 0).await?.expect("queued");
    let names: Vec<_> = run.labels.iter().map(|label| (label.id, label.name.as_str())).collect();
    assert_eq!(names, [(cat, "cat"), (dog, "dog")]);
    let samples: Vec<_> =
        run.samples.iter().map(|sample| (sample.image_id, sample.content_hash, sample.label_index)).collect();
    let expected: Vec<(ImageId, _, _)> =
        (0..).zip(cats.iter().chain(&dogs)).map(|(i, added)| (added.image.id, hash(i), (i > 2) as usize)).collect();
    assert_eq!(samples, expected);
    assert_eq!((run.id, run.project, run.owner), (model.id, fixture.project, owner));
    Ok(())
}

async fn keep_what_they_were_asked(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let settings =
        Settings { max_epochs: 7, target_accuracy: 0.1 + 0.2, patience: 0, seed: (1 << 53) - 1, mirror: true };
    let new = NewModel { backbone: Backbone::EfficientnetLite0, settings: settings.clone(), ..new_model() };
    let model = fixture.store.create_model(fixture.owner, fixture.project, &new).await?;
    assert_eq!((&model.settings, model.backbone, model.version), (&settings, Backbone::EfficientnetLite0, 2));
    let run = fixture.store.start_model(model.id, 0).await?.expect("queued");
    assert_eq!((run.settings, run.backbone, run.mode), (settings, Backbone::EfficientnetLite0, new.mode));
    assert_eq!((run.weights_sha256, run.preprocessing), (new.weights_sha256, new.preprocessing));
    Ok(())
}

fn epoch(epoch: u32, validation: Option<f64>) -> Epoch {
    Epoch {
        epoch,
        loss: 0.1 + f64::from(epoch),
        accuracy: 1.0 / 3.0,
        validation_loss: validation,
        validation_accuracy: validation,
        seconds: 1e-5,
        elapsed_seconds: 2.5,
    }
}

async fn report_how_far_they_are(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let store = &fixture.store;
    let id = fixture.model().await?.id;
    store.set_phase(id, Phase::Training, Progress { done: 1, total: 2 }).await?;
    assert_eq!(store.run_state(id).await?.phase, None, "a queued run has no phase");
    store.start_model(id, 0).await?;
    store.set_phase(id, Phase::Embedding, Progress { done: 0, total: 10 }).await?;
    store.set_phase(id, Phase::Embedding, Progress { done: 4, total: 10 }).await?;
    let state = store.run_state(id).await?;
    assert_eq!((state.status, state.phase), (Status::Running, Some(Phase::Embedding)));
    assert_eq!(state.progress, Progress { done: 4, total: 10 });

    // With and without validation, again and again, so that a connection meets both: PostgreSQL keeps the types of a
    // prepared statement's first use.
    let epochs = [epoch(0, None), epoch(1, Some(0.25)), epoch(2, None), epoch(3, Some(0.125))];
    for _ in 0..5 {
        for one in &epochs {
            store.add_epochs(id, &[*one]).await?;
        }
    }
    store.add_epochs(id, &[]).await?;
    assert_eq!(store.epochs(id, None).await?, epochs);
    assert_eq!(store.epochs(id, Some(1)).await?, epochs[2..]);
    assert_eq!(store.model(fixture.owner, id).await?.epochs, epochs);
    assert_error!(store.add_epochs(ModelId(Uuid::nil()), &epochs).await, NotFound("model"));
    Ok(())
}

async fn start_again_after_an_interruption(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let store = fixture.reopen().await?;
    let model = fixture.model().await?;
    assert_eq!(store.unfinished_models().await?, [(model.id, Mode::Instant)]);
    let first = store.start_model(model.id, 0).await?.expect("queued");
    store.add_epochs(model.id, &[epoch(0, None)]).await?;
    store.set_phase(model.id, Phase::Training, Progress { done: 1, total: 50 }).await?;
    assert_eq!(store.unfinished_models().await?, [(model.id, Mode::Instant)]);
    assert_eq!(store.start_model(model.id, 0).await?, Some(Run { attempts: 2, ..first }));
    let model = store.model(fixture.owner, model.id).await?;
    assert_eq!((model.epochs, model.phase, model.progress.done), (vec![], None, 0));
    assert_eq!(store.start_model(ModelId(Uuid::nil()), 0).await?, None);
    Ok(())
}

/// A worker that was thought dead, and another that has taken its run: the results are one attempt's.
async fn end_by_the_attempt_that_began_last(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let store = &fixture.store;
    let queued = fixture.model().await?;
    let expected = QueuedRun { id: queued.id, owner: fixture.owner, since: queued.created_at };
    assert_eq!(store.queued_models(Mode::Instant).await?, [expected]);
    assert_eq!(store.queued_models(Mode::FineTune).await?, []);
    let first = store.start_model(queued.id, 0).await?.expect("queued");
    assert_eq!(store.queued_models(Mode::Instant).await?, []);
    assert_eq!(store.standing(&first).await?, Standing::Wanted);
    let second = store.start_model(queued.id, 0).await?.expect("under way");
    // It has got further in between.
    let third = store.start_model(queued.id, 2).await?.expect("under way");
    for superseded in [&first, &second] {
        assert_eq!(store.standing(superseded).await?, Standing::Superseded);
        assert!(!store.finish_model(superseded, &fixture.finished(superseded)).await?);
    }
    assert_eq!(store.standing(&third).await?, Standing::Wanted);
    assert!(store.finish_model(&third, &fixture.finished(&third)).await?);
    assert_eq!(store.standing(&third).await?, Standing::Superseded);
    Ok(())
}

async fn count_beginnings_without_progress(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let model = fixture.model().await?;
    let mut attempts = Vec::new();
    for kept in [0, 0, 0, 1, 1, 3] {
        attempts.push(fixture.store.start_model(model.id, kept).await?.expect("under way").attempts);
    }
    assert_eq!(attempts, [1, 2, 3, 1, 2, 1]);
    Ok(())
}

async fn end_once(fixture: Fixture) -> Result<()> {
    let (model, _) = fixture.trained().await?;
    let store = &fixture.store;
    assert_eq!((model.status, model.accuracy_interval), (Status::Ready, Some([0.6, 0.98])));
    assert_eq!((model.image_count, model.labels.len()), (10, 2));
    assert!(model.finished_at >= Some(model.created_at));
    assert!(fixture.finish(model.id).await.is_err());
    assert!(!store.fail_model(model.id, &Problem::new(ErrorCode::TrainingFailed, "no")).await?);
    assert!(!store.cancel_model(model.id).await?);
    assert_eq!(store.start_model(model.id, 0).await?, None);
    assert_error!(store.request_cancel(fixture.owner, model.id).await, NotRunning(Status::Ready));
    assert_eq!(store.unfinished_models().await?, []);
    assert_eq!(store.model(fixture.owner, model.id).await?, model);
    let ready = store.ready_model(fixture.owner, model.id).await?;
    assert_eq!((ready.labels, ready.file_key), (model.labels, store::model_key(model.id)));
    Ok(())
}

async fn fail_with_a_reason(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let model = fixture.model().await?;
    let problem = Problem::new(ErrorCode::TrainingFailed, "The pictures are all the same.").with("images", 3);
    fixture.store.start_model(model.id, 0).await?;
    assert!(fixture.store.fail_model(model.id, &problem).await?);
    let model = fixture.store.model(fixture.owner, model.id).await?;
    assert_eq!((model.status, model.problem), (Status::Failed, Some(problem)));
    assert_error!(fixture.store.ready_model(fixture.owner, model.id).await, NotReady(Status::Failed));
    // The next run works.
    let next = fixture.model().await?;
    fixture.finish(next.id).await
}

async fn are_cancelled_queued_or_running(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let (store, owner) = (&fixture.store, fixture.owner);
    let queued = fixture.model().await?;
    assert_eq!(store.request_cancel(owner, queued.id).await?.status, Status::Cancelled);
    assert_eq!(store.start_model(queued.id, 0).await?, None);

    let running = fixture.model().await?.id;
    let run = store.start_model(running, 0).await?.expect("queued");
    assert!(!store.cancel_model(running).await?, "nobody has asked");
    assert_eq!(store.standing(&run).await?, Standing::Wanted);
    assert_eq!(store.request_cancel(owner, running).await?.status, Status::Running);
    assert_eq!(store.standing(&run).await?, Standing::Cancelled);
    assert!(store.cancel_model(running).await?);
    let model = store.model(owner, running).await?;
    assert_eq!((model.status, model.finished_at.is_some()), (Status::Cancelled, true));
    assert_error!(store.request_cancel(owner, running).await, NotRunning(Status::Cancelled));

    // Asked to stop, and then interrupted: it does not start again.
    let interrupted = fixture.model().await?.id;
    store.start_model(interrupted, 0).await?;
    store.request_cancel(owner, interrupted).await?;
    assert_eq!(store.start_model(interrupted, 0).await?, None);
    assert_eq!(store.run_state(interrupted).await?.status, Status::Cancelled);
    Ok(())
}

async fn are_paged(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    for _ in 0..2 {
        fixture.model().await?;
    }
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let first = store.models(owner, project, None, 2).await?;
    let rest = store.models(owner, project, first.next_cursor.as_deref(), 2).await?;
    let versions: Vec<_> = first.items.iter().chain(&rest.items).map(|model| model.version).collect();
    assert_eq!((versions.as_slice(), rest.next_cursor), ([3, 2, 1].as_slice(), None));
    assert_eq!(rest.items[0], store.model(owner, rest.items[0].id).await?);
    Ok(())
}

async fn keep_labels_that_are_gone(fixture: Fixture) -> Result<()> {
    let (model, _) = fixture.trained().await?;
    let rename = LabelChange { name: Some("kitten".into()), ..Default::default() };
    fixture.store.change_label(fixture.owner, fixture.label_id("cat").await?, &rename).await?;
    fixture.store.delete_label(fixture.owner, fixture.label_id("dog").await?).await?;
    let names = |labels: Vec<dto::label::LabelRef>| labels.into_iter().map(|label| label.name).collect::<Vec<_>>();
    let expected = ["kitten", "dog"];
    assert_eq!(names(fixture.store.model(fixture.owner, model.id).await?.labels), expected);
    assert_eq!(names(fixture.store.active_model(fixture.owner, fixture.project).await?.labels), expected);
    Ok(())
}

async fn are_overlooked_only_before_they_begin(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    fixture.add(Some("cat"), 0..2).await?;
    fixture.add(Some("dog"), 2..4).await?;
    let [first, second, third] = [fixture.model().await?, fixture.model().await?, fixture.model().await?];
    let later = Timestamp::from_millis(third.created_at.millis() + 1);
    let queued = async || store.queued_before(later).await;
    let instant = |id: ModelId| (id, Mode::Instant);
    assert_eq!(store.queued_before(first.created_at).await?, [], "it has just been asked for");
    assert_eq!(queued().await?, [instant(first.id), instant(second.id), instant(third.id)]);
    store.start_model(first.id, 0).await?.expect("queued");
    store.request_cancel(fixture.owner, second.id).await?;
    assert_eq!(queued().await?, [instant(third.id)]);
    Ok(())
}
