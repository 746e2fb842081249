//! Files of models.

use super::Swept;
use crate::{
    Store,
    blobs::{BlobInfo, checkpoint_key},
    database::{CHUNK, one_off, placeholders},
    error::Result,
    row::Columns,
};
use dto::{ModelId, model::Status};
use futures::{StreamExt, TryStreamExt, future::ready};
use std::collections::HashMap;

impl Store {
    /// Removes the files of models that are gone, and checkpoints of runs that are over, if they are older than `before`.
    /// A model's row is there before its files, and its identifier is never given out again.
    pub(super) async fn remove_model_files(&self, before: i64, swept: &mut Swept) -> Result<()> {
        let old = self.blobs().list("models").try_filter(|blob| ready(blob.modified.millis() < before)).boxed();
        let named = old.try_filter_map(|blob| ready(Ok(model_of(&blob).map(|model| (model, blob.key)))));
        let mut chunks = named.try_chunks(CHUNK).boxed();
        while let Some(chunk) = chunks.try_next().await.map_err(|stopped| stopped.1)? {
            let known = self.statuses(chunk.iter().map(|(model, _)| *model)).await?;
            for (model, key) in &chunk {
                let useless = match known.get(model) {
                    None => true,
                    Some(status) => status.is_over() && *key == checkpoint_key(*model),
                };
                if !useless {
                    continue;
                }
                match self.blobs().delete(key).await {
                    Ok(()) => swept.model_files += 1,
                    Err(error) => {
                        tracing::warn!("{key} can't be removed: {error}");
                        swept.left += 1;
                    }
                }
            }
        }
        Ok(())
    }

    async fn statuses(&self, models: impl ExactSizeIterator<Item = ModelId>) -> Result<HashMap<ModelId, Status>> {
        let list = placeholders(1..1 + models.len());
        let mut select = one_off(format!("SELECT id, status FROM models WHERE id IN {list}"));
        for model in models {
            select = select.bind(model.to_string());
        }
        let rows = select.fetch_all(self.database.read()).await?;
        rows.iter().map(|row| Ok((row.parsed("id")?, row.known("status", Status::parse)?))).collect()
    }
}

/// The model that a blob belongs to; none if it is not named as one's.
fn model_of(blob: &BlobInfo) -> Option<ModelId> {
    blob.key.rsplit('/').next()?.split('.').next()?.parse().ok()
}
