//! Where the job queue keeps its jobs.

use crate::{Store, config::Location, database::BUSY_TIMEOUT, error::Result};
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
                Ok(Queue::Sqlite(SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?))
            }
            Location::Postgres(url) => {
                Ok(Queue::Postgres(PgPoolOptions::new().max_connections(CONNECTIONS).connect(url).await?))
            }
        }
    }
}
