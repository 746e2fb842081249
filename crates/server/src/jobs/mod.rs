//! Work that nobody waits for at a request: embedding pictures, and training.
//!
//! The tables say what there is to do, a job only that somebody should look: a job delivered twice does no harm, and
//! one that was lost is put back at the next start, or after a minute or two.

mod embed;
mod embedding;
mod fine_tune;
pub mod follow;
mod learn;
mod look;
mod looking;
mod model_file;
mod overlooked;
mod queue;
mod recover;
mod run_turns;
mod sweep;
mod train;
mod turns;
pub mod worker;

pub use queue::QueueError;

use dto::{ModelId, ProjectId, Timestamp, model::Mode};
use queue::Queue;
use std::{future::Future, sync::Arc, time::Duration};
use store::{Backlog, Store};
use tokio::sync::{broadcast, watch};

/// How long to wait before something is tried again that the database or the disk kept from succeeding.
const AGAIN: Duration = Duration::from_secs(3);

/// Changes of runs that a slow follower may fall behind by; it then looks at the tables, where all of them are.
const CHANGES: usize = 256;

/// The job queues, and word of what happens to runs. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    embed: Queue<embed::EmbedJob>,
    train: Queue<train::TrainJob>,
    /// Of its own, so that runs of minutes never hold up instant ones.
    fine_tune: Queue<train::TrainJob>,
    changes: broadcast::Sender<ModelId>,
    stopping: Arc<watch::Sender<bool>>,
    turns: turns::Turns,
    run_turns: run_turns::RunTurns,
    looking: looking::Looking,
}

impl Jobs {
    /// Opens the queues and brings their tables up to date.
    pub async fn open(store: &Store) -> Result<Self, QueueError> {
        let pool = queue::open(store).await?;
        let (changes, _) = broadcast::channel(CHANGES);
        Ok(Self {
            embed: Queue::new("embed", pool.clone()),
            train: Queue::new("train", pool.clone()),
            fine_tune: Queue::new("fine_tune", pool),
            changes,
            stopping: Arc::new(watch::Sender::new(false)),
            turns: turns::Turns::default(),
            run_turns: run_turns::RunTurns::default(),
            looking: looking::Looking::default(),
        })
    }

    /// Has the project's pictures embedded that are not yet.
    pub async fn embed(&self, project: ProjectId) -> Result<(), QueueError> {
        self.embed.push(embed::EmbedJob { project }).await
    }

    /// Has a model trained that is queued.
    pub async fn train(&self, model: ModelId, mode: Mode) -> Result<(), QueueError> {
        self.queue_of(mode).push(train::TrainJob { model, mode }).await
    }

    fn queue_of(&self, mode: Mode) -> &Queue<train::TrainJob> {
        match mode {
            Mode::Instant => &self.train,
            Mode::FineTune => &self.fine_tune,
        }
    }

    /// The queues' names.
    pub fn queues(&self) -> [&'static str; 3] {
        [self.embed.name(), self.train.name(), self.fine_tune.name()]
    }

    /// How much there is to do.
    pub async fn backlogs(&self) -> Result<Vec<Backlog>, QueueError> {
        Ok(self.embed.pool().backlogs().await?)
    }

    /// Removes the jobs that have been over for a while, and says how many these were.
    async fn sweep(&self, now: Timestamp) -> Result<u64, QueueError> {
        Ok(self.embed.pool().sweep(now).await?)
    }

    /// Has the project's pictures embedded, as soon as the queue answers: for when their rows are there already.
    pub async fn embed_soon(&self, project: ProjectId) {
        self.soon(move |jobs| async move { jobs.embed(project).await }).await;
    }

    /// Has a model trained, as soon as the queue answers: for when its row is there already.
    pub async fn train_soon(&self, model: ModelId, mode: Mode) {
        self.soon(move |jobs| async move { jobs.train(model, mode).await }).await;
    }

    /// Tries once, and if that fails again and again in the background.
    async fn soon<F>(&self, push: impl Fn(Self) -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), QueueError>> + Send,
    {
        let Err(error) = push(self.clone()).await else { return };
        tracing::warn!("the queue takes no job, which is tried again: {error}");
        let jobs = self.clone();
        tokio::spawn(async move {
            // Should the process end first, a worker finds what is to be done in the tables.
            while !jobs.is_stopping() {
                tokio::time::sleep(AGAIN).await;
                if push(jobs.clone()).await.is_ok() {
                    return;
                }
            }
        });
    }

    /// Tells followers in this process that something happened to a run.
    pub fn changed(&self, model: ModelId) {
        // An error means that nobody follows anything.
        let _ = self.changes.send(model);
    }

    /// Says that the process is about to end: whoever follows a run is let go, and long runs stop where they can go on.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Until the process is about to end.
    async fn stopped(&self) {
        // The sender is `self`'s own.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    fn changes(&self) -> broadcast::Receiver<ModelId> {
        self.changes.subscribe()
    }
}
