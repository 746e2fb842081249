//! The contents of which there could be no embedding.

use crate::{Store, embeddings::forget_problems, error::Result, ids::ContentHash, row::Columns};

/// A content that could not be looked at, although no image of it is marked as damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnseenContent {
    pub hash: ContentHash,
    /// Why: one of the reasons, if there are several.
    pub problem: String,
}

impl Store {
    /// Contents of images that could not be looked at, in order, from the one after `after`.
    pub async fn unseen_contents(&self, after: Option<ContentHash>, limit: u32) -> Result<Vec<UnseenContent>> {
        let rows = sqlx::query(
            "SELECT e.content_hash, MIN(e.problem) AS problem FROM embeddings e
             WHERE e.problem IS NOT NULL AND e.content_hash > $1 AND EXISTS (
                 SELECT 1 FROM images i WHERE i.content_hash = e.content_hash AND i.damaged_at IS NULL)
             GROUP BY e.content_hash ORDER BY e.content_hash LIMIT $2",
        )
        .bind(after.map_or_else(String::new, |hash| hash.to_string()))
        .bind(i64::from(limit))
        .fetch_all(self.database.read())
        .await?;
        rows.iter()
            .map(|row| Ok(UnseenContent { hash: row.parsed("content_hash")?, problem: row.text("problem")? }))
            .collect()
    }

    /// Forgets that a content could not be looked at, so that it is looked at again.
    pub async fn forget_unseen(&self, hash: ContentHash) -> Result<()> {
        let mut write = self.database.write().await?;
        forget_problems(&mut write, &[hash]).await?;
        write.commit().await
    }
}
