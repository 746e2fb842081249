//! The threads that train, one run at a time each, behind everything that a person waits for: one for instant runs, one
//! for fine-tuning, so that minutes of the one never hold up the other.

use crate::training::{Observer, TrainError, Trained};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::{mpsc, oneshot};

/// A training run of what `W` describes.
pub struct Job<W> {
    pub work: W,
    pub observer: Box<dyn Observer>,
    pub reply: oneshot::Sender<Result<Trained, TrainError>>,
}

/// Answers jobs until every sender is gone.
pub fn run<W>(mut queue: mpsc::Receiver<Job<W>>, train: impl Fn(&W, &mut dyn Observer) -> Result<Trained, TrainError>) {
    while let Some(Job { work, mut observer, reply }) = queue.blocking_recv() {
        // The observer is the caller's code: should it panic, that run fails and the next one works.
        let run = || train(&work, &mut *observer);
        let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or(Err(TrainError::Interrupted));
        // An error here only says that nobody waits any more.
        let _ = reply.send(outcome);
    }
}

/// Hands a run to its thread and waits for its end.
pub async fn ask<W>(queue: &mpsc::Sender<Job<W>>, work: W, observer: Box<dyn Observer>) -> Result<Trained, TrainError> {
    let (reply, answer) = oneshot::channel();
    queue.send(Job { work, observer, reply }).await.map_err(|_| TrainError::Interrupted)?;
    answer.await.map_err(|_| TrainError::Interrupted)?
}
