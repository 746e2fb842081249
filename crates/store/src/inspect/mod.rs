//! For checking a store from end to end: what every row says should be there, and noting what is not.

mod contents;
mod embeddings;
mod models;
mod unseen;

pub use contents::{ContentUse, KeptContent};
pub use embeddings::{EmbeddingLength, StoredEmbedding};
pub use models::KeptModel;
pub(crate) use models::select_ready;
pub use unseen::UnseenContent;

use crate::{Store, error::Result};

impl Store {
    /// What the database finds wrong with itself: PostgreSQL looks after that on its own, so only SQLite is asked.
    pub async fn database_faults(&self) -> Result<Vec<String>> {
        if !self.database.is_sqlite() {
            return Ok(Vec::new());
        }
        let said: Vec<String> =
            sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(self.database.read()).await?;
        let broken = sqlx::query("PRAGMA foreign_key_check").fetch_all(self.database.read()).await?.len();
        let mut faults: Vec<String> = said.into_iter().filter(|line| line != "ok").collect();
        if broken > 0 {
            faults.push(format!("{broken} rows refer to rows that are not there"));
        }
        Ok(faults)
    }
}
