//! One kind of job in apalis, on SQLite or PostgreSQL.

use super::look::Look;
use apalis::prelude::{BackendExt, PollWith, TaskBuilder, TaskSink};
use apalis_postgres::PostgresStorage;
use apalis_sqlite::SqliteStorage;
use futures::channel::mpsc::{self, UnboundedSender};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    marker::PhantomData,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{Store, StoreError};

/// Workers of other processes find a job after this long; those of this process are told at once.
const POLL: Duration = Duration::from_millis(250);
/// A job that fails or dies with its worker is tried this often in all.
pub(super) const ATTEMPTS: usize = 3;

/// The queue does not answer.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the queue's tables can't be brought up to date: {0}")]
    Setup(String),
    #[error("a job can't be queued: {0}")]
    Push(String),
}

/// Connects to the queue's database and brings its tables up to date.
pub(super) async fn open(store: &Store) -> Result<store::Queue, QueueError> {
    let pool = store.queue().await?;
    match &pool {
        store::Queue::Sqlite(pool) => SqliteStorage::setup(pool).await.map_err(|e| QueueError::Setup(e.to_string()))?,
        store::Queue::Postgres(pool) => {
            PostgresStorage::setup(pool).await.map_err(|e| QueueError::Setup(e.to_string()))?;
        }
    }
    Ok(pool)
}

/// A queue of jobs of type `J`. Cheap to clone.
pub(super) struct Queue<J> {
    name: &'static str,
    pool: store::Queue,
    /// Wakes this process's worker, if it has one.
    wake: Arc<Mutex<Option<UnboundedSender<()>>>>,
    job: PhantomData<fn() -> J>,
}

impl<J> Clone for Queue<J> {
    fn clone(&self) -> Self {
        Self { name: self.name, pool: self.pool.clone(), wake: self.wake.clone(), job: PhantomData }
    }
}

impl<J> Queue<J>
where
    J: Serialize + DeserializeOwned + Send + Sync + Unpin + 'static,
{
    pub fn new(name: &'static str, pool: store::Queue) -> Self {
        Self { name, pool, wake: Arc::default(), job: PhantomData }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    pub fn pool(&self) -> &store::Queue {
        &self.pool
    }

    /// Queues a job that may have been lost, unless the same one waits or a worker has it: asked again and again, there is
    /// one at most.
    pub async fn push_lost(&self, job: J) -> Result<(), QueueError> {
        match self.pool.is_known(self.name, &written(&job)?).await? {
            true => Ok(()),
            false => self.push(job).await,
        }
    }

    /// Queues a job, unless the same one waits already: what that one finds, once it is begun, includes this one's.
    pub async fn push(&self, job: J) -> Result<(), QueueError> {
        if self.pool.is_waiting(self.name, &written(&job)?).await? {
            return Ok(());
        }
        let task = TaskBuilder::new(job).max_attempts(ATTEMPTS).build();
        match &self.pool {
            store::Queue::Sqlite(pool) => {
                let mut storage = SqliteStorage::new(pool).with_config(self.sqlite_config());
                storage.push_task(task).await.map_err(|e| QueueError::Push(e.to_string()))?;
            }
            store::Queue::Postgres(pool) => {
                let mut storage = PostgresStorage::new(pool).with_config(self.postgres_config());
                storage.push_task(task).await.map_err(|e| QueueError::Push(e.to_string()))?;
            }
        }
        if let Some(wake) = &*self.wake.lock().unwrap_or_else(PoisonError::into_inner) {
            // An error means that the worker is stopping; another process, or the next start, takes the job.
            let _ = wake.unbounded_send(());
        }
        Ok(())
    }

    /// Where a worker of this process takes its jobs from, on SQLite.
    pub fn sqlite(&self, pool: &apalis_sqlite::SqlitePool) -> PollWith<SqliteStorage<J>, Look> {
        SqliteStorage::new(pool).with_config(self.sqlite_config()).poll_with_strategy(self.look())
    }

    /// Where a worker of this process takes its jobs from, on PostgreSQL.
    pub fn postgres(&self, pool: &apalis_postgres::PgPool) -> PollWith<PostgresStorage<J>, Look> {
        PostgresStorage::new(pool).with_config(self.postgres_config()).poll_with_strategy(self.look())
    }

    fn look(&self) -> Look {
        let (sender, receiver) = mpsc::unbounded();
        *self.wake.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        Look::new(receiver, POLL)
    }

    /// One job at a time is taken, so that several workers share a queue evenly.
    fn sqlite_config(&self) -> apalis_sqlite::Config {
        apalis_sqlite::Config::default().queue(self.name).batch_size(1)
    }

    fn postgres_config(&self) -> apalis_postgres::Config {
        apalis_postgres::Config::default().queue(self.name).batch_size(1)
    }
}

/// As apalis writes a job down.
fn written(job: &impl Serialize) -> Result<Vec<u8>, QueueError> {
    serde_json::to_vec(job).map_err(|e| QueueError::Push(e.to_string()))
}
