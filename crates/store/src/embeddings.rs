//! Embeddings: what a backbone makes of the bytes of a picture, shared by all images of the same bytes.

use crate::{
    Store,
    clock::now,
    database::{CHUNK, Write, one_off, placeholders, rows_of_placeholders},
    error::{Result, StoreError},
    ids::ContentHash,
    row::Columns,
    store::EmbeddingKey,
};
use dto::{ProjectId, UserId};
use sqlx::Row;
use std::{collections::HashMap, sync::PoisonError};
use uuid::Uuid;

impl Store {
    /// Contents of the project's images that have no embedding of these weights and this preprocessing yet (and are
    /// not known to be unreadable): the oldest images first, `limit` at most.
    pub async fn unembedded(
        &self,
        project: ProjectId,
        weights_sha256: &str,
        preprocessing: &str,
        limit: u32,
    ) -> Result<Vec<ContentHash>> {
        let key = (project, EmbeddingKey::new(weights_sha256, preprocessing));
        let start = self.searched.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        let mut found = self.search_unembedded(&key, start.unwrap_or(Uuid::nil()), limit).await?;
        let is_full = |found: &[(Uuid, ContentHash)]| found.len() == limit as usize;
        if start.is_some() && !is_full(&found) {
            // An older image may have been restored meanwhile.
            found = self.search_unembedded(&key, Uuid::nil(), limit).await?;
        }
        let next = found.first().filter(|_| is_full(&found)).map(|(id, _)| *id);
        let mut searched = self.searched.lock().unwrap_or_else(PoisonError::into_inner);
        match next {
            Some(id) => searched.insert(key, id),
            None => searched.remove(&key),
        };
        Ok(found.into_iter().map(|(_, hash)| hash).collect())
    }

    async fn search_unembedded(
        &self,
        (project, key): &(ProjectId, EmbeddingKey),
        start: Uuid,
        limit: u32,
    ) -> Result<Vec<(Uuid, ContentHash)>> {
        let rows = sqlx::query(
            "SELECT i.id, i.content_hash FROM images i
             WHERE i.project_id = $1 AND i.deleted_at IS NULL AND i.id >= $2 AND NOT EXISTS (
                 SELECT 1 FROM embeddings e
                 WHERE e.content_hash = i.content_hash AND e.weights_sha256 = $3 AND e.preprocessing = $4)
             ORDER BY i.id LIMIT $5",
        )
        .bind(project.to_string())
        .bind(start.to_string())
        .bind(&key.weights_sha256)
        .bind(&key.preprocessing)
        .bind(i64::from(limit))
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(|row| Ok((row.parsed("id")?, row.parsed("content_hash")?))).collect()
    }

    /// The projects for which [`Store::unembedded`] has something to say. Looks at every image: for start-up.
    pub async fn projects_with_unembedded(&self, weights_sha256: &str, preprocessing: &str) -> Result<Vec<ProjectId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT i.project_id FROM images i
             WHERE i.deleted_at IS NULL AND NOT EXISTS (
                 SELECT 1 FROM embeddings e
                 WHERE e.content_hash = i.content_hash AND e.weights_sha256 = $1 AND e.preprocessing = $2)",
        )
        .bind(weights_sha256)
        .bind(preprocessing)
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(|row| row.parsed("project_id")).collect()
    }

    /// The users for whose images [`Store::unembedded`] has something to say, each with a project of those. Looks at every
    /// image.
    pub async fn waiting_users(&self, weights_sha256: &str, preprocessing: &str) -> Result<HashMap<UserId, ProjectId>> {
        let rows = sqlx::query(
            "SELECT p.owner_id, MIN(p.id) AS project_id FROM projects p
             WHERE EXISTS (
                 SELECT 1 FROM images i WHERE i.project_id = p.id AND i.deleted_at IS NULL AND NOT EXISTS (
                     SELECT 1 FROM embeddings e
                     WHERE e.content_hash = i.content_hash AND e.weights_sha256 = $1 AND e.preprocessing = $2))
             GROUP BY p.owner_id",
        )
        .bind(weights_sha256)
        .bind(preprocessing)
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(|row| Ok((row.parsed("owner_id")?, row.parsed("project_id")?))).collect()
    }

    /// Keeps embeddings; where there is one already, that stays, and where there was a problem, that is over.
    pub async fn put_embeddings(
        &self,
        weights_sha256: &str,
        preprocessing: &str,
        embeddings: &[(ContentHash, Vec<f32>)],
    ) -> Result<()> {
        const COLUMNS: usize = 5;
        // In the same order everywhere, so that two workers with the same contents can't deadlock.
        let mut embeddings: Vec<_> = embeddings.iter().collect();
        embeddings.sort_by_key(|(hash, _)| *hash);
        // PostgreSQL does not let one statement write a row twice.
        embeddings.dedup_by_key(|(hash, _)| *hash);
        let created_at = now().millis();
        let mut write = self.database.write().await?;
        for chunk in embeddings.chunks(CHUNK) {
            let rows = rows_of_placeholders(chunk.len(), COLUMNS);
            let mut insert = one_off(format!(
                "INSERT INTO embeddings (content_hash, weights_sha256, preprocessing, vector, created_at)
                 VALUES {rows} ON CONFLICT (content_hash, weights_sha256, preprocessing)
                     DO UPDATE SET vector = excluded.vector, problem = NULL WHERE embeddings.problem IS NOT NULL"
            ));
            for (hash, vector) in chunk {
                insert = insert
                    .bind(hash.to_string())
                    .bind(weights_sha256)
                    .bind(preprocessing)
                    .bind(to_bytes(vector))
                    .bind(created_at);
            }
            insert.execute(&mut *write).await?;
        }
        write.commit().await
    }

    /// Records that there can be no embedding of a content, and why, so that nobody tries again until there is reason to:
    /// the same file is uploaded again, or a check finds that it is right.
    pub async fn mark_unreadable(
        &self,
        weights_sha256: &str,
        preprocessing: &str,
        hash: ContentHash,
        problem: &str,
    ) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query(
            "INSERT INTO embeddings (content_hash, weights_sha256, preprocessing, problem, created_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (content_hash, weights_sha256, preprocessing) DO NOTHING",
        )
        .bind(hash.to_string())
        .bind(weights_sha256)
        .bind(preprocessing)
        .bind(problem)
        .bind(now().millis())
        .execute(&mut *write)
        .await?;
        write.commit().await
    }

    /// The embeddings of these contents, as far as there are any.
    pub async fn embeddings(
        &self,
        hashes: &[ContentHash],
        weights_sha256: &str,
        preprocessing: &str,
    ) -> Result<HashMap<ContentHash, Vec<f32>>> {
        let mut found = HashMap::with_capacity(hashes.len());
        for chunk in hashes.chunks(CHUNK) {
            let list = placeholders(3..3 + chunk.len());
            let mut select = one_off(format!(
                "SELECT content_hash, vector FROM embeddings
                 WHERE weights_sha256 = $1 AND preprocessing = $2 AND problem IS NULL AND content_hash IN {list}"
            ))
            .bind(weights_sha256)
            .bind(preprocessing);
            for hash in chunk {
                select = select.bind(hash.to_string());
            }
            for row in select.fetch_all(self.database.read()).await? {
                let vector = from_bytes(row.try_get("vector")?)?;
                found.insert(row.parsed("content_hash")?, vector);
            }
        }
        Ok(found)
    }
}

/// Forgets why there could be no embeddings of these contents, so that they are looked at again.
pub(crate) async fn forget_problems(write: &mut Write, hashes: &[ContentHash]) -> Result<()> {
    for chunk in hashes.chunks(CHUNK) {
        let list = placeholders(1..1 + chunk.len());
        let sql = format!("DELETE FROM embeddings WHERE problem IS NOT NULL AND content_hash IN {list}");
        let mut delete = one_off(sql);
        for hash in chunk {
            delete = delete.bind(hash.to_string());
        }
        delete.execute(&mut **write).await?;
    }
    Ok(())
}

fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|number| number.to_le_bytes()).collect()
}

pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Vec<f32>> {
    let (numbers, rest) = bytes.as_chunks::<4>();
    if rest.is_empty() {
        Ok(numbers.iter().map(|number| f32::from_le_bytes(*number)).collect())
    } else {
        Err(StoreError::Corrupt("vector".into()))
    }
}
