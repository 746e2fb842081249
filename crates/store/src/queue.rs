//! Where the job queue keeps its jobs.

use crate::{
    Store,
    config::Location,
    database::{BUSY_TIMEOUT, POSTGRES_ACQUIRE_TIMEOUT, is_usable},
    error::Result,
};
use dto::Timestamp;
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::time::Duration;

/// Connections of the queue: its pollers, a listener, and whoever enqueues.
const CONNECTIONS: u32 = 5;

/// How long what is over can still be looked at in the queue's tables.
const OVER: Duration = Duration::from_secs(60 * 60);

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

/// The same job, as apalis writes it down, that no worker has taken yet.
const SQLITE_WAITING: &str =
    "SELECT EXISTS (SELECT 1 FROM Jobs WHERE job_type = $1 AND status = 'Pending' AND job = $2)";
const POSTGRES_WAITING: &str =
    "SELECT EXISTS (SELECT 1 FROM apalis.jobs WHERE job_type = $1 AND status = 'Pending' AND job = $2)";

/// The same job, whatever has become of it, unless it is over: it waits, a worker has it, or it is to be tried again. That of a
/// worker which has died is among these, too: apalis puts it back.
const SQLITE_KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM Jobs WHERE job_type = $1 AND job = $2
        AND (status IN ('Pending', 'Queued', 'Running') OR (status = 'Failed' AND attempts < max_attempts)))";
const POSTGRES_KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM apalis.jobs WHERE job_type = $1 AND job = $2
        AND (status IN ('Pending', 'Queued', 'Running') OR (status = 'Failed' AND attempts < max_attempts)))";

/// Jobs that are over, and workers of processes that ended, since $1, in seconds of the Unix epoch. apalis's own `vacuum`
/// removes what has just ended, too, and on PostgreSQL names a table that isn't there.
const SQLITE_OVER: [&str; 2] = [
    "DELETE FROM Jobs WHERE done_at < $1
        AND (status IN ('Done', 'Killed') OR (status = 'Failed' AND attempts >= max_attempts))",
    "DELETE FROM Workers WHERE last_seen < $1 AND NOT EXISTS (SELECT 1 FROM Jobs WHERE lock_by = Workers.id)",
];
const POSTGRES_OVER: [&str; 2] = [
    "DELETE FROM apalis.jobs WHERE done_at < to_timestamp($1)
        AND (status IN ('Done', 'Killed') OR (status = 'Failed' AND attempts >= max_attempts))",
    "DELETE FROM apalis.workers w WHERE w.last_seen < to_timestamp($1)
        AND NOT EXISTS (SELECT 1 FROM apalis.jobs WHERE lock_by = w.id)",
];

impl Queue {
    /// Whether such a job waits: one that a worker takes only after this was asked.
    pub async fn is_waiting(&self, queue: &str, job: &[u8]) -> Result<bool> {
        Ok(match self {
            Self::Sqlite(pool) => sqlx::query_scalar(SQLITE_WAITING).bind(queue).bind(job).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_scalar(POSTGRES_WAITING).bind(queue).bind(job).fetch_one(pool).await?,
        })
    }

    /// Whether there is such a job that is not over: one that waits, or that a worker has.
    pub async fn is_known(&self, queue: &str, job: &[u8]) -> Result<bool> {
        Ok(match self {
            Self::Sqlite(pool) => sqlx::query_scalar(SQLITE_KNOWN).bind(queue).bind(job).fetch_one(pool).await?,
            Self::Postgres(pool) => sqlx::query_scalar(POSTGRES_KNOWN).bind(queue).bind(job).fetch_one(pool).await?,
        })
    }

    /// Removes what has been over for a while, and says how many jobs that were.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64> {
        let before = (now.millis() - OVER.as_millis() as i64) / 1000;
        let jobs = match self {
            Self::Sqlite(pool) => {
                let jobs = sqlx::query(SQLITE_OVER[0]).bind(before).execute(pool).await?.rows_affected();
                sqlx::query(SQLITE_OVER[1]).bind(before).execute(pool).await?;
                jobs
            }
            Self::Postgres(pool) => {
                let before = before as f64;
                let jobs = sqlx::query(POSTGRES_OVER[0]).bind(before).execute(pool).await?.rows_affected();
                sqlx::query(POSTGRES_OVER[1]).bind(before).execute(pool).await?;
                jobs
            }
        };
        Ok(jobs)
    }

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

/// With the tables that apalis makes.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::now, testing::Place};
    use anyhow::Result;
    use apalis_postgres::PostgresStorage;
    use apalis_sqlite::SqliteStorage;
    use sqlx::AssertSqlSafe;

    async fn execute(queue: &Queue, sqlite: &str, postgres: &str) -> Result<u64> {
        Ok(match queue {
            Queue::Sqlite(pool) => sqlx::query(AssertSqlSafe(sqlite)).execute(pool).await?.rows_affected(),
            Queue::Postgres(pool) => sqlx::query(AssertSqlSafe(postgres)).execute(pool).await?.rows_affected(),
        })
    }

    /// A worker, and a job of it.
    async fn add(queue: &Queue, id: &str, status: &str, attempts: u32) -> Result<()> {
        let (worker, columns) =
            (format!("w{id}"), "id, job_type, job, status, attempts, max_attempts, lock_by, done_at");
        execute(
            queue,
            &format!("INSERT INTO Workers (id, worker_type, storage_name) VALUES ('{worker}', 'embed', '')"),
            &format!("INSERT INTO apalis.workers (id, worker_type, storage_name) VALUES ('{worker}', 'embed', '')"),
        )
        .await?;
        let values = |job: &str| format!("'{id}', 'embed', {job}, '{status}', {attempts}, 3, '{worker}'");
        let (blob, bytes) = (values(&format!("CAST('{{{id}}}' AS BLOB)")), values(&format!("'{{{id}}}'")));
        execute(
            queue,
            &format!("INSERT INTO Jobs ({columns}) VALUES ({blob}, strftime('%s', 'now'))"),
            &format!("INSERT INTO apalis.jobs ({columns}) VALUES ({bytes}, now())"),
        )
        .await?;
        Ok(())
    }

    #[tokio::test]
    async fn what_waits_is_known_and_what_is_over_goes() -> Result<()> {
        for place in Place::each().await? {
            let queue = place.open().await?.queue().await?;
            match &queue {
                Queue::Sqlite(pool) => SqliteStorage::setup(pool).await?,
                Queue::Postgres(pool) => PostgresStorage::setup(pool).await?,
            }
            add(&queue, "1", "Pending", 0).await?;
            add(&queue, "2", "Running", 0).await?;
            add(&queue, "3", "Failed", 1).await?;
            add(&queue, "7", "Queued", 0).await?;
            for (id, status) in [("4", "Failed"), ("5", "Done"), ("6", "Killed")] {
                add(&queue, id, status, 3).await?;
            }
            assert!(queue.is_waiting("embed", b"{1}").await?);
            assert!(!queue.is_waiting("embed", b"{2}").await?, "it has been begun");
            assert!(!queue.is_waiting("train", b"{1}").await?, "that is another queue");
            for (job, is_known) in
                [("1", true), ("2", true), ("3", true), ("7", true), ("4", false), ("5", false), ("6", false)]
            {
                assert_eq!(queue.is_known("embed", format!("{{{job}}}").as_bytes()).await?, is_known, "{job}");
            }
            assert!(!queue.is_known("train", b"{1}").await?, "that is another queue");

            assert_eq!(queue.sweep(now()).await?, 0, "it has just ended");
            let later = Timestamp::from_millis(now().millis() + OVER.as_millis() as i64 + 60_000);
            assert_eq!(queue.sweep(later).await?, 3);
            assert_eq!(queue.sweep(later).await?, 0);
            let [backlog] = &queue.backlogs().await?[..] else { panic!("there is one queue") };
            assert_eq!((backlog.waiting, backlog.running), (2, 1));
            // A change to all of them counts them; those that have jobs stay.
            let workers =
                execute(&queue, "UPDATE Workers SET layers = ''", "UPDATE apalis.workers SET layers = ''").await?;
            assert_eq!(workers, 4);
        }
        Ok(())
    }
}
