//! Runs that nobody may know of.

use crate::{Store, error::Result, row::Columns};
use dto::{ModelId, Timestamp, model::Mode};

impl Store {
    /// Runs that were asked for before a time and have not begun yet, the oldest first.
    pub async fn queued_before(&self, before: Timestamp) -> Result<Vec<(ModelId, Mode)>> {
        let rows = sqlx::query("SELECT id, mode FROM models WHERE status = 'queued' AND created_at < $1 ORDER BY id")
            .bind(before.millis())
            .fetch_all(self.database.read())
            .await?;
        rows.iter().map(|row| Ok((row.parsed("id")?, row.known("mode", Mode::parse)?))).collect()
    }
}
