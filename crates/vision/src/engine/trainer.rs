//! The thread that trains: one run at a time, behind everything that a person waits for.

use crate::instant::{self, Observer, TrainError, Trained, TrainingSet};
use dto::model::Settings;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::{mpsc, oneshot};

/// A training run.
pub struct Job {
    pub set: TrainingSet,
    pub settings: Settings,
    pub observer: Box<dyn Observer>,
    pub reply: oneshot::Sender<Result<Trained, TrainError>>,
}

/// Answers jobs until every sender is gone.
pub fn run(mut queue: mpsc::Receiver<Job>) {
    while let Some(Job { set, settings, mut observer, reply }) = queue.blocking_recv() {
        // The observer is the caller's code: should it panic, that run fails and the next one works.
        let run = || instant::train(&set, &settings, &mut *observer);
        let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(TrainError::Interrupted));
        // An error here only says that nobody waits any more.
        let _ = reply.send(outcome);
    }
}
