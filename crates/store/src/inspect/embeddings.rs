//! Embeddings as they are kept.

use crate::{Store, embeddings::from_bytes, error::Result, ids::ContentHash, row::Columns};
use sqlx::Row;

/// An embedding and what it is kept under.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEmbedding {
    pub hash: ContentHash,
    pub weights_sha256: String,
    pub preprocessing: String,
    /// `None` if its bytes are no numbers.
    pub vector: Option<Vec<f32>>,
}

/// How many embeddings of these weights have this length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddingLength {
    pub weights_sha256: String,
    pub bytes: u64,
    pub count: u64,
}

impl Store {
    /// How long embeddings are.
    pub async fn embedding_lengths(&self) -> Result<Vec<EmbeddingLength>> {
        let rows = sqlx::query(
            "SELECT weights_sha256, CAST(LENGTH(vector) AS BIGINT) AS bytes, COUNT(*) AS found FROM embeddings
             WHERE vector IS NOT NULL GROUP BY weights_sha256, LENGTH(vector)",
        )
        .fetch_all(self.database.read())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(EmbeddingLength {
                    weights_sha256: row.text("weights_sha256")?,
                    bytes: row.count("bytes")?,
                    count: row.count("found")?,
                })
            })
            .collect()
    }

    /// Embeddings in order, from the one after `after`.
    pub async fn stored_embeddings(&self, after: Option<&StoredEmbedding>, limit: u32) -> Result<Vec<StoredEmbedding>> {
        let (hash, weights, preprocessing) = match after {
            None => Default::default(),
            Some(last) => (last.hash.to_string(), last.weights_sha256.as_str(), last.preprocessing.as_str()),
        };
        let rows = sqlx::query(
            "SELECT content_hash, weights_sha256, preprocessing, vector FROM embeddings
             WHERE vector IS NOT NULL AND (content_hash > $1
                 OR content_hash = $1 AND (weights_sha256 > $2 OR weights_sha256 = $2 AND preprocessing > $3))
             ORDER BY content_hash, weights_sha256, preprocessing LIMIT $4",
        )
        .bind(hash)
        .bind(weights)
        .bind(preprocessing)
        .bind(i64::from(limit))
        .fetch_all(self.database.read())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(StoredEmbedding {
                    hash: row.parsed("content_hash")?,
                    weights_sha256: row.text("weights_sha256")?,
                    preprocessing: row.text("preprocessing")?,
                    vector: from_bytes(row.try_get("vector")?).ok(),
                })
            })
            .collect()
    }

    /// Forgets an embedding, so that it is made again.
    pub async fn forget_embedding(&self, embedding: &StoredEmbedding) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query("DELETE FROM embeddings WHERE content_hash = $1 AND weights_sha256 = $2 AND preprocessing = $3")
            .bind(embedding.hash.to_string())
            .bind(&embedding.weights_sha256)
            .bind(&embedding.preprocessing)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }
}
