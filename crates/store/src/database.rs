//! The database: connections, migrations, transactions.
//!
//! All SQL of this crate goes through sqlx's `Any` driver, one text for SQLite and PostgreSQL. What that asks for:
//! only text, 64-bit integers, doubles and bytes; sums cast to BIGINT; and [`one_off`] for statements that bind an
//! optional double or have a varying number of placeholders.

use crate::{
    config::Location,
    error::{Result, StoreError},
    folder::make_folder,
};
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Connection, Executor, Transaction,
    any::{AnyArguments, AnyPoolOptions},
    migrate::Migrator,
    query::Query,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{
    fmt::Write as _,
    ops::{Deref, DerefMut, Range},
    path::Path,
    sync::Arc,
    time::Duration,
};
use tokio::sync::{Mutex, OwnedMutexGuard};

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// The newest migration that this version has.
pub(crate) fn latest_migration() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

#[cfg(test)]
pub(crate) fn migrations(location: &Location) -> &'static Migrator {
    match location {
        Location::Sqlite(_) => &SQLITE_MIGRATIONS,
        Location::Postgres(_) => &POSTGRES_MIGRATIONS,
    }
}

/// How long a connection waits for another process that is writing to the same SQLite file.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a caller waits for a free connection. On PostgreSQL that is also how long it takes to say that the server does
/// not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
pub(crate) const POSTGRES_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(8);

/// Rows or identifiers of one statement: far below the least number of placeholders that either database allows
/// (32,766), even with a dozen for each row.
pub(crate) const CHUNK: usize = 500;

#[derive(Clone)]
pub(crate) struct Database {
    pool: AnyPool,
    /// SQLite has one writer at a time. Queueing for that here is fair, and no connection is held while waiting.
    writer: Option<Arc<Mutex<()>>>,
}

impl Database {
    /// Connects, and brings the tables up to date.
    pub(crate) async fn open(location: &Location, max_connections: u32) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let options = AnyPoolOptions::new().max_connections(max_connections.max(1)).acquire_timeout(ACQUIRE_TIMEOUT);
        match location {
            Location::Sqlite(path) => {
                prepare_sqlite(path).await?;
                let url = SqliteConnectOptions::new().filename(path).to_url_lossy();
                let pragmas = format!(
                    "PRAGMA busy_timeout = {}; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;",
                    BUSY_TIMEOUT.as_millis()
                );
                let options = options.test_before_acquire(false).after_connect(move |connection, _| {
                    let pragmas = pragmas.clone();
                    Box::pin(async move { connection.execute(AssertSqlSafe(pragmas)).await.map(drop) })
                });
                let options = options.before_acquire(|connection, _| Box::pin(is_usable(connection)));
                let pool = options.connect(url.as_str()).await?;
                Ok(Self { pool, writer: Some(Arc::default()) })
            }
            Location::Postgres(url) => {
                let pool = options.acquire_timeout(POSTGRES_ACQUIRE_TIMEOUT).connect(url).await?;
                POSTGRES_MIGRATIONS.run(&pool).await?;
                Ok(Self { pool, writer: None })
            }
        }
    }

    /// For reading outside a transaction.
    pub(crate) fn read(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a transaction that may write. Dropped without [`Write::commit`], it has done nothing.
    pub(crate) async fn write(&self) -> Result<Write> {
        let turn = match &self.writer {
            Some(writer) => Some(writer.clone().lock_owned().await),
            None => None,
        };
        let begin = if turn.is_some() { "BEGIN IMMEDIATE" } else { "BEGIN" };
        Ok(Write { transaction: self.pool.begin_with(begin).await?, _turn: turn })
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.writer.is_some()
    }

    pub(crate) async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}

/// A transaction that may write.
pub(crate) struct Write {
    // Dropped in this order: the transaction ends before the next writer's turn.
    transaction: Transaction<'static, Any>,
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Write {
    pub(crate) async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}

impl Deref for Write {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }
}

/// Whether a connection to SQLite can begin a transaction. When its disk is full, SQLite ends a transaction by itself, of
/// which sqlx takes no notice: to it the connection is in that transaction for ever.
pub(crate) async fn is_usable<C: Connection>(connection: &mut C) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // It may only be waiting to be rolled back, which comes before the answer to this.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Makes the file if it is missing, in WAL mode, and brings its tables up to date.
async fn prepare_sqlite(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder).await?;
    }
    // SQLite's migrations take no lock of their own, and two processes may start at once.
    let lock_path = path.with_extension("lock");
    let lock = tokio::task::spawn_blocking(move || {
        let file = std::fs::File::create(lock_path)?;
        file.lock().map(|()| file)
    })
    .await
    .map_err(|error| StoreError::Unavailable(error.into()))??;

    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(BUSY_TIMEOUT)
        .journal_mode(SqliteJournalMode::Wal)
        .connect()
        .await?;
    SQLITE_MIGRATIONS.run(&mut connection).await?;
    connection.close().await?;
    drop(lock);
    Ok(())
}

/// A statement that is not kept prepared.
///
/// For one whose text is made for the occasion, so that it doesn't push the lasting ones out of the cache; and for
/// one that binds an optional double, because the driver sends a missing one to PostgreSQL as a 32-bit float, and a
/// prepared statement's types are those of its first use.
///
/// `sql` is made of this crate's own text and placeholders; values are bound.
pub(crate) fn one_off<'q>(sql: impl Into<String>) -> Query<'q, Any, AnyArguments> {
    sqlx::query(AssertSqlSafe(sql.into())).persistent(false)
}

/// The placeholders of the given numbers, in parentheses: `($2, $3, $4)`.
pub(crate) fn placeholders(numbers: Range<usize>) -> String {
    let mut sql = String::from("(");
    for number in numbers.clone() {
        let separator = if number == numbers.start { "" } else { ", " };
        // Writing to a string can't fail.
        let _ = write!(sql, "{separator}${number}");
    }
    sql.push(')');
    sql
}

/// The placeholders of `rows` rows of `columns` values each, from `$1`: `($1, $2), ($3, $4)`.
pub(crate) fn rows_of_placeholders(rows: usize, columns: usize) -> String {
    let rows = (0..rows).map(|row| placeholders(row * columns + 1..(row + 1) * columns + 1));
    rows.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Row;

    #[test]
    fn placeholders_are_numbered() {
        assert_eq!(placeholders(2..5), "($2, $3, $4)");
        assert_eq!(rows_of_placeholders(2, 3), "($1, $2, $3), ($4, $5, $6)");
    }

    #[test]
    fn both_databases_have_the_same_migrations() {
        let names = |migrator: &Migrator| -> Vec<_> {
            migrator.iter().map(|migration| (migration.version, migration.description.clone())).collect()
        };
        assert_eq!(names(&SQLITE_MIGRATIONS), names(&POSTGRES_MIGRATIONS));
    }

    #[tokio::test]
    async fn every_sqlite_connection_is_durable_and_checks_foreign_keys() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let database = Database::open(&Location::Sqlite(folder.path().join("test.db")), 3).await?;
        let mut connections = Vec::new();
        for _ in 0..3 {
            connections.push(database.read().acquire().await?);
        }
        for connection in &mut connections {
            for (pragma, expected) in [("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)] {
                let row = sqlx::query(AssertSqlSafe(format!("PRAGMA {pragma}"))).fetch_one(&mut **connection).await?;
                assert_eq!(row.try_get::<i64, _>(0)?, expected, "{pragma}");
            }
            let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **connection).await?;
            assert_eq!(mode, "wal");
        }
        Ok(())
    }

    #[tokio::test]
    async fn a_dropped_transaction_has_done_nothing() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let database = Database::open(&Location::Sqlite(folder.path().join("test.db")), 2).await?;
        const INSERT: &str = "INSERT INTO users (id, username, username_key, password_hash, created_at)
            VALUES ($1, $1, $1, '', 0)";
        let mut write = database.write().await?;
        sqlx::query(INSERT).bind("dropped").execute(&mut *write).await?;
        drop(write);
        let mut write = database.write().await?;
        sqlx::query(INSERT).bind("kept").execute(&mut *write).await?;
        write.commit().await?;
        let names: Vec<String> = sqlx::query_scalar("SELECT username FROM users").fetch_all(database.read()).await?;
        assert_eq!(names, ["kept"]);
        Ok(())
    }
}
