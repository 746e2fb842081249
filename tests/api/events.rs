//! `GET /api/models/{id}/events`: a run as it happens.

use dto::model::{Epoch, Model, ModelEvent, Status, TrainRequest};
use pupil_tests::{Person, Server, pictures::Motif};

both_databases![
    a_listener_sees_a_run_from_its_start_to_its_end,
    a_late_listener_first_gets_what_has_happened,
    many_listeners_see_the_same,
    a_stopped_run_says_so_at_its_end,
];

async fn a_listener_sees_a_run_from_its_start_to_its_end(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(12).await;
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    let events = ann.api.events(run.id).await.expect("one's own").to_end().await;
    assert!(matches!(events[0], ModelEvent::State(_)), "{:?}", events[0]);
    let statuses: Vec<Status> = events.iter().filter_map(status).collect();
    assert!(statuses.is_sorted_by_key(|status| progress(*status)), "a run never goes backwards: {statuses:?}");
    assert_is_whole_story(&events, &ann.api.model(run.id).await.expect("one's own"));
}

async fn a_late_listener_first_gets_what_has_happened(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(12).await;
    let model = ann.train().await;
    let events = ann.api.events(model.id).await.expect("one's own").to_end().await;
    assert_is_whole_story(&events, &model);
}

async fn many_listeners_see_the_same(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(12).await;
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    let listeners = (0..5).map(async |_| ann.api.events(run.id).await.expect("one's own").to_end().await);
    let heard = futures::future::join_all(listeners).await;
    let model = ann.api.model(run.id).await.expect("one's own");
    for events in heard {
        assert_is_whole_story(&events, &model);
    }
}

async fn a_stopped_run_says_so_at_its_end(server: &Server) {
    let ann = Person::new(server).await;
    for motif in [Motif::Circles, Motif::Stripes] {
        ann.upload(&motif.files_from(20_000, 150), Some(motif.label())).await;
    }
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    let mut events = ann.api.events(run.id).await.expect("one's own");
    assert!(matches!(events.next().await, Some(ModelEvent::State(_))));
    ann.api.cancel(run.id).await.expect("it has just begun");
    let last = events.to_end().await.pop();
    assert!(matches!(&last, Some(ModelEvent::Cancelled(model)) if model.status == Status::Cancelled), "{last:?}");
}

/// Each epoch once and in order, then the finished model, then nothing.
fn assert_is_whole_story(events: &[ModelEvent], model: &Model) {
    let epochs: Vec<Epoch> = events.iter().filter_map(epoch).collect();
    assert_eq!(epochs, model.epochs);
    let (last, before) = events.split_last().expect("there are events");
    assert_eq!(*last, ModelEvent::Ready(Box::new(model.clone())));
    assert!(!before.iter().any(|event| matches!(event, ModelEvent::Ready(_))));
}

fn status(event: &ModelEvent) -> Option<Status> {
    if let ModelEvent::State(state) = event { Some(state.status) } else { None }
}

/// How far a run with this status is.
fn progress(status: Status) -> u8 {
    match status {
        Status::Queued => 0,
        Status::Running => 1,
        Status::Ready | Status::Failed | Status::Cancelled => 2,
    }
}

fn epoch(event: &ModelEvent) -> Option<Epoch> {
    if let ModelEvent::Epoch(epoch) = event { Some(*epoch) } else { None }
}
