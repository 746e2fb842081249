//! The files that rows point at.

use super::Snapshot;
use crate::{
    blobs::{checkpoint_key, original_key, thumbnail_key},
    error::Result,
    ids::ContentHash,
    inspect::{KeptModel, select_ready},
    row::Columns,
};

/// A file that a row points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    pub key: String,
    pub of: FileOf,
    /// Whether it has to be there, as long as the row is.
    pub required: bool,
}

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileOf {
    /// The original of a content.
    Original(ContentHash),
    Thumbnail(ContentHash),
    /// What a run goes on from.
    Checkpoint,
}

impl Snapshot {
    /// The files that the snapshot's rows point at, but for those of [`Snapshot::models`].
    pub async fn files(&mut self) -> Result<Vec<KeptFile>> {
        let mut files = self.files_of_images().await?;
        files.extend(self.checkpoints().await?);
        Ok(files)
    }

    async fn files_of_images(&mut self) -> Result<Vec<KeptFile>> {
        // What a run has yet to learn from may not be an image's any more.
        let rows = sqlx::query(
            "SELECT content_hash, CAST(MAX(required) AS BIGINT) AS required FROM (
                 SELECT content_hash, CASE WHEN damaged_at IS NULL THEN 1 ELSE 0 END AS required FROM images
                 UNION ALL
                 SELECT r.content_hash, 0 AS required FROM results r JOIN models m ON m.id = r.model_id
                 WHERE m.status IN ('queued', 'running')) AS contents
             GROUP BY content_hash ORDER BY content_hash",
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let mut files = Vec::with_capacity(2 * rows.len());
        for row in &rows {
            let (hash, required) = (row.parsed("content_hash")?, row.flag("required")?);
            files.push(KeptFile { key: original_key(hash), of: FileOf::Original(hash), required });
            files.push(KeptFile { key: thumbnail_key(hash), of: FileOf::Thumbnail(hash), required });
        }
        Ok(files)
    }

    /// What runs that are waiting or under way go on from.
    async fn checkpoints(&mut self) -> Result<Vec<KeptFile>> {
        let rows = sqlx::query("SELECT id FROM models WHERE status IN ('queued', 'running') ORDER BY id")
            .fetch_all(&mut *self.transaction)
            .await?;
        rows.iter()
            .map(|row| {
                let key = checkpoint_key(row.parsed("id")?);
                Ok(KeptFile { key, of: FileOf::Checkpoint, required: false })
            })
            .collect()
    }

    /// The models that could predict, which have files of their own.
    pub async fn models(&mut self) -> Result<Vec<KeptModel>> {
        select_ready(&mut *self.transaction, None, i64::MAX).await
    }
}
