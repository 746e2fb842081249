//! Work that nobody waits for at a request: embedding pictures, and training.
//!
//! The tables say what there is to do, a job only that somebody should look: a job delivered twice does no harm, and
//! one that was lost is put back at the next start.

mod embed;
mod embedding;
mod fine_tune;
pub mod follow;
mod learn;
mod look;
mod model_file;
mod queue;
mod recover;
mod train;
pub mod worker;

pub use queue::QueueError;

use dto::{ModelId, ProjectId, model::Mode};
use queue::Queue;
use store::{Backlog, Store};
use tokio::sync::broadcast;

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
        })
    }

    /// Has the project's pictures embedded that are not yet.
    pub async fn embed(&self, project: ProjectId) -> Result<(), QueueError> {
        self.embed.push(embed::EmbedJob { project }).await
    }

    /// Has a model trained that is queued.
    pub async fn train(&self, model: ModelId, mode: Mode) -> Result<(), QueueError> {
        let queue = match mode {
            Mode::Instant => &self.train,
            Mode::FineTune => &self.fine_tune,
        };
        queue.push(train::TrainJob { model, mode }).await
    }

    /// How much there is to do.
    pub async fn backlogs(&self) -> Result<Vec<Backlog>, QueueError> {
        Ok(self.embed.pool().backlogs().await?)
    }

    /// Tells followers in this process that something happened to a run.
    pub fn changed(&self, model: ModelId) {
        // An error means that nobody follows anything.
        let _ = self.changes.send(model);
    }

    fn changes(&self) -> broadcast::Receiver<ModelId> {
        self.changes.subscribe()
    }
}
