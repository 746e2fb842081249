//! Reading everything as it was at one moment.

use super::{
    TABLES,
    row::{self, Row},
};
use crate::{Store, database::Database, error::Result};
use futures::{StreamExt, stream::BoxStream};
use sqlx::{Any, AssertSqlSafe, Transaction};

/// The rows as they were at one moment, whatever is written meanwhile.
pub struct Snapshot {
    pub(super) transaction: Transaction<'static, Any>,
}

impl Store {
    /// Takes a snapshot. On SQLite its file grows while there is one: it should not be kept longer than it takes to read
    /// the rows.
    pub async fn snapshot(&self) -> Result<Snapshot> {
        Snapshot::take(&self.database).await
    }
}

impl Snapshot {
    async fn take(database: &Database) -> Result<Self> {
        let begin = if database.is_sqlite() { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
        let mut transaction = database.read().begin_with(begin).await?;
        // Both databases take it with the first statement that reads.
        sqlx::query("SELECT COUNT(*) FROM users").fetch_one(&mut *transaction).await?;
        Ok(Self { transaction })
    }

    /// Which migration the tables are at.
    pub async fn migration(&mut self) -> Result<i64> {
        let version = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations");
        Ok(version.fetch_one(&mut *self.transaction).await?)
    }

    /// The rows of one of the [`TABLES`].
    pub fn rows(&mut self, table: &'static str) -> BoxStream<'_, Result<Row>> {
        debug_assert!(TABLES.contains(&table));
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {table}"))).fetch(&mut *self.transaction);
        rows.map(|row| row::from_database(&row?)).boxed()
    }
}
