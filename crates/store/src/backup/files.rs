//! The files that rows point at.

use super::Snapshot;
use crate::{
    Store,
    blobs::{backbone_key, card_key, checkpoint_key, original_key, thumbnail_key},
    error::Result,
    ids::ContentHash,
    row::Columns,
};
use dto::{
    ModelId,
    model::{Mode, Status},
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
    Model(ModelId),
}

impl Snapshot {
    /// The files that the snapshot's rows point at.
    pub async fn files(&mut self) -> Result<Vec<KeptFile>> {
        let mut files = self.files_of_images().await?;
        files.extend(self.files_of_models().await?);
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

    async fn files_of_models(&mut self) -> Result<Vec<KeptFile>> {
        let rows = sqlx::query(
            "SELECT id, mode, status, file_key FROM models WHERE status IN ('queued', 'running', 'ready') ORDER BY id",
        )
        .fetch_all(&mut *self.transaction)
        .await?;
        let mut files = Vec::new();
        for row in &rows {
            let id: ModelId = row.parsed("id")?;
            let mut file = |key, required| files.push(KeptFile { key, of: FileOf::Model(id), required });
            if row.known("status", Status::parse)? != Status::Ready {
                file(checkpoint_key(id), false);
                continue;
            }
            if row.known("mode", Mode::parse)? == Mode::FineTune {
                file(backbone_key(id), true);
            }
            file(row.text("file_key")?, true);
            file(card_key(id), false);
        }
        Ok(files)
    }
}

impl Store {
    /// Whether a file has to be there now.
    pub async fn is_required(&self, file: &KeptFile) -> Result<bool> {
        match file.of {
            _ if !file.required => Ok(false),
            FileOf::Model(id) => self.is_ready(id).await,
            FileOf::Original(hash) | FileOf::Thumbnail(hash) => {
                let row = sqlx::query("SELECT id FROM images WHERE content_hash = $1 AND damaged_at IS NULL LIMIT 1")
                    .bind(hash.to_string())
                    .fetch_optional(self.database.read())
                    .await?;
                Ok(row.is_some())
            }
        }
    }
}
