//! Putting rows into an empty database.

use super::{
    TABLES,
    row::{Row, bind},
};
use crate::{
    Store,
    database::{CHUNK, Write, latest_migration, one_off},
    error::{Result, StoreError},
};
use serde_json::Value;
use sqlx::AssertSqlSafe;

/// All rows of a backup on their way into an empty database: all, or dropped without [`Filling::commit`], none.
pub struct Filling {
    write: Write,
}

impl Store {
    /// Begins to fill the database with rows of tables that were at this migration.
    ///
    /// # Errors
    /// [`StoreError::Config`] if there are rows in it, or if the rows are of a newer version.
    pub async fn fill(&self, migration: i64) -> Result<Filling> {
        let latest = latest_migration();
        if migration > latest {
            let why =
                format!("the backup is of a newer version of Pupil (its tables are at {migration}, here at {latest})");
            return Err(StoreError::Config(why));
        }
        let mut write = self.database.write().await?;
        for table in TABLES {
            let sql = AssertSqlSafe(format!("SELECT 1 FROM {table} LIMIT 1"));
            if sqlx::query(sql).fetch_optional(&mut *write).await?.is_some() {
                return Err(StoreError::Config(format!("the database is not empty: there are {table} in it")));
            }
        }
        Ok(Filling { write })
    }
}

impl Filling {
    /// Writes rows of one of the [`TABLES`], which are filled in that order.
    pub async fn insert(&mut self, table: &str, rows: &[Row]) -> Result<()> {
        let table = TABLES.iter().find(|known| **known == table).ok_or_else(|| {
            StoreError::Config(format!("the backup holds a table that this version of Pupil does not know: {table}"))
        })?;
        for chunk in rows.chunks(CHUNK) {
            let Some(first) = chunk.first() else { continue };
            let columns: Vec<&str> = first.keys().map(String::as_str).collect();
            let is_name = |name: &str| {
                name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            };
            if !columns.iter().all(|column| is_name(column)) || chunk.iter().any(|row| !row.keys().eq(first.keys())) {
                return Err(StoreError::Corrupt(format!("row of {table} in the backup")));
            }
            let mut place = 0;
            let values: Vec<String> = chunk
                .iter()
                .map(|row| {
                    // A missing value has no type that both databases would take for every column.
                    let values: Vec<_> = row
                        .values()
                        .map(|value| match value {
                            Value::Null => "NULL".to_owned(),
                            _ => {
                                place += 1;
                                format!("${place}")
                            }
                        })
                        .collect();
                    format!("({})", values.join(", "))
                })
                .collect();
            let mut insert =
                one_off(format!("INSERT INTO {table} ({}) VALUES {}", columns.join(", "), values.join(", ")));
            for row in chunk {
                for (column, value) in row.iter().filter(|(_, value)| !value.is_null()) {
                    insert = bind(insert, column, value)?;
                }
            }
            insert.execute(&mut *self.write).await?;
        }
        Ok(())
    }

    /// Keeps all rows. Their files have to be there by now.
    pub async fn commit(mut self) -> Result<()> {
        // A sweeper may have come upon the files before their rows were there.
        sqlx::query("DELETE FROM doomed_blobs").execute(&mut *self.write).await?;
        self.write.commit().await
    }
}
