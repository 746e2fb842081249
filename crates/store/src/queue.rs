//! Where the job queue keeps its jobs.

use crate::{
    Store,
    config::Location,
    database::{BUSY_TIMEOUT, POSTGRES_ACQUIRE_TIMEOUT, is_usable},
    error::Result,
};
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// Connections of the queue: its pollers, a listener, and whoever enqueues.
const CONNECTIONS: u32 = 5;

/// A pool for the job queue alone.
#[derive(Clone, Debug)]
pub enum Queue {
    /// A file of its own: the queue's own set-up makes its connections less durable than rows have to be, and keeps
    /// its migrations where this crate's are.
    Sqlite(SqlitePool),
    /// The same database: there the queue has a schema of its own.
    Postgres(PgPool),
}

/// What is in one of the queues.
#[derive(Clone, Debug, PartialEq)]
pub struct Backlog {
    /// The queue's name.
    pub queue: String,
    /// Jobs that no worker has begun yet, or that are to be tried again.
    pub waiting: u64,
    pub running: u64,
    /// How long the job that has waited longest has waited, in seconds; 0 when none waits.
    pub oldest_seconds: f64,
}

/// Of each queue its jobs that wait and run, and the age in seconds of the oldest that waits. The queue's own tables are read
/// here, because apalis tells of no queue how old its jobs are.
const SQLITE_BACKLOGS: &str = "SELECT job_type,
        COUNT(*) FILTER (WHERE status IN ('Pending', 'Queued')),
        COUNT(*) FILTER (WHERE status = 'Running'),
        CAST(MAX(CASE WHEN status IN ('Pending', 'Queued') THEN strftime('%s', 'now') - run_at ELSE 0 END) AS REAL)
    FROM Jobs GROUP BY job_type";
const POSTGRES_BACKLOGS: &str = "SELECT job_type,
        COUNT(*) FILTER (WHERE status IN ('Pending', 'Queued')),
        COUNT(*) FILTER (WHERE status = 'Running'),
        MAX(CASE WHEN status IN ('Pending', 'Queued') THEN EXTRACT(EPOCH FROM now() - run_at) ELSE 0 END)::float8
    FROM apalis.jobs GROUP BY job_type";

impl Queue {
    /// How much there is to do, of every queue that has ever had a job.
    pub async fn backlogs(&self) -> Result<Vec<Backlog>> {
        let rows: Vec<(String, i64, i64, f64)> = match self {
            Self::Sqlite(pool) => sqlx::query_as(SQLITE_BACKLOGS).fetch_all(pool).await?,
            Self::Postgres(pool) => sqlx::query_as(POSTGRES_BACKLOGS).fetch_all(pool).await?,
        };
        let backlog = |(queue, waiting, running, oldest): (String, i64, i64, f64)| Backlog {
            queue,
            waiting: waiting.max(0) as u64,
            running: running.max(0) as u64,
            oldest_seconds: oldest.max(0.0),
        };
        Ok(rows.into_iter().map(backlog).collect())
    }
}

impl Store {
    /// Connects to the job queue's database.
    pub async fn queue(&self) -> Result<Queue> {
        match &self.location {
            Location::Sqlite(_) => {
                let options = SqliteConnectOptions::new()
                    .filename(self.data_dir.join("jobs.db"))
                    .create_if_missing(true)
                    .busy_timeout(BUSY_TIMEOUT)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal);
                Ok(Queue::Sqlite(
                    SqlitePoolOptions::new()
                        .max_connections(CONNECTIONS)
                        .before_acquire(|connection, _| Box::pin(is_usable(connection)))
                        .connect_with(options)
                        .await?,
                ))
            }
            Location::Postgres(url) => Ok(Queue::Postgres(
                PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(POSTGRES_ACQUIRE_TIMEOUT)
                    .connect(url)
                    .await?,
            )),
        }
    }
}
