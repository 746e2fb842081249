//! Embeddings.

use super::Check;
use crate::progress::Progress;
use std::collections::HashMap;
use store::{StoreError, StoredEmbedding};

const PAGE: u32 = 500;

impl Check {
    /// Looks at every embedding; answers how many these are.
    pub(super) async fn embeddings(&mut self) -> Result<u64, StoreError> {
        let lengths = self.store.embedding_lengths().await?;
        let total = lengths.iter().map(|length| length.count).sum();
        // A backbone makes vectors of one length: what most have is right.
        let mut usual: HashMap<&str, (u64, u64)> = HashMap::new();
        for length in &lengths {
            let best = usual.entry(&length.weights_sha256).or_default();
            *best = (*best).max((length.count, length.bytes));
        }
        let mut progress = Progress::new("embeddings", total);
        let mut after: Option<StoredEmbedding> = None;
        loop {
            let mut page = self.store.stored_embeddings(after.as_ref(), PAGE).await?;
            for embedding in &page {
                progress.step();
                // Weights that are new since the lengths were read have no usual length yet.
                let expected = usual.get(embedding.weights_sha256.as_str()).map(|(_, bytes)| *bytes);
                let sound = embedding.vector.as_ref().is_some_and(|vector| {
                    expected.is_none_or(|bytes| vector.len() as u64 * 4 == bytes)
                        && vector.iter().all(|number| number.is_finite())
                });
                if !sound {
                    self.unsound(embedding).await?;
                }
            }
            match page.pop() {
                Some(last) => after = Some(last),
                None => return Ok(progress.done),
            }
        }
    }

    async fn unsound(&mut self, embedding: &StoredEmbedding) -> Result<(), StoreError> {
        let used = self.store.content_use(embedding.hash).await?;
        if self.repair {
            self.store.forget_embedding(embedding).await?;
            self.to_embed.extend(used.iter().flat_map(|used| &used.projects));
        }
        let whose = match &used {
            Some(used) => format!("picture “{}” of {} (project “{}”)", used.file_name, used.username, used.project),
            None => format!("the content {}, which nobody uses", embedding.hash),
        };
        let about_it = self.done("It has been removed, and is made again.");
        self.report.finding(&format!("The embedding of {whose} is damaged."), about_it);
        Ok(())
    }
}
