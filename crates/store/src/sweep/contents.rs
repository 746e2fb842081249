//! Contents: originals with their thumbnails and embeddings.

use super::{Swept, needed};
use crate::{
    Store,
    blobs::{BlobInfo, original_key, thumbnail_key},
    database::{CHUNK, Write, one_off, placeholders, rows_of_placeholders},
    error::{Result, StoreError},
    ids::ContentHash,
    row::Columns,
};
use futures::{StreamExt, TryStreamExt, future::ready};
use std::collections::BTreeSet;

impl Store {
    /// Marks contents with a file in the folder that nothing refers to, provided that the file is older than `before`.
    pub(super) async fn mark_files(&self, folder: &str, now: i64, before: i64) -> Result<()> {
        let old = self.blobs().list(folder).try_filter(|blob| ready(blob.modified.millis() < before)).boxed();
        let mut chunks = old.try_filter_map(|blob| ready(Ok(content_of(&blob)))).try_chunks(CHUNK).boxed();
        while let Some(chunk) = chunks.try_next().await.map_err(|stopped| stopped.1)? {
            self.mark(now, &chunk.into_iter().collect()).await?;
        }
        Ok(())
    }

    /// Marks contents with an embedding that nothing refers to, provided that the embedding is older than `before`.
    pub(super) async fn mark_embeddings(&self, now: i64, before: i64) -> Result<()> {
        let rows = sqlx::query(concat!(
            "SELECT DISTINCT e.content_hash FROM embeddings e WHERE e.created_at < $1 AND NOT ",
            needed!("e.content_hash")
        ))
        .bind(before)
        .fetch_all(self.database.read())
        .await?;
        let hashes = rows.iter().map(|row| row.parsed("content_hash")).collect::<Result<Vec<ContentHash>>>()?;
        for chunk in hashes.chunks(CHUNK) {
            self.mark(now, &chunk.iter().copied().collect()).await?;
        }
        Ok(())
    }

    /// Marks those of the contents that nothing refers to.
    async fn mark(&self, now: i64, hashes: &BTreeSet<ContentHash>) -> Result<()> {
        let list = rows_of_placeholders(hashes.len(), 1);
        let mut select = one_off(format!(
            "SELECT v.column1 AS content_hash FROM (VALUES {list}) AS v WHERE NOT {}",
            needed!("v.column1")
        ));
        for hash in hashes {
            select = select.bind(hash.to_string());
        }
        let unneeded = select.fetch_all(self.database.read()).await?;
        let mut unneeded = unneeded.iter().map(|row| row.text("content_hash")).collect::<Result<Vec<_>>>()?;
        if unneeded.is_empty() {
            return Ok(());
        }
        unneeded.sort_unstable();
        let rows: Vec<_> = (2..2 + unneeded.len()).map(|place| format!("(${place}, $1)")).collect();
        let mut write = self.database.write().await?;
        // What was removed before and is there again has been put by an upload that came to nothing.
        let mut insert = one_off(format!(
            "INSERT INTO doomed_blobs (content_hash, since) VALUES {}
             ON CONFLICT (content_hash) DO UPDATE SET since = excluded.since, removed_at = NULL
             WHERE doomed_blobs.removed_at IS NOT NULL",
            rows.join(", ")
        ))
        .bind(now);
        for hash in &unneeded {
            insert = insert.bind(hash);
        }
        insert.execute(&mut *write).await?;
        write.commit().await
    }

    /// Removes contents that were marked before `before` and have no reference, and forgets marks that are of no use.
    pub(super) async fn remove_contents(
        &self,
        now: i64,
        before: i64,
        remembered: i64,
        swept: &mut Swept,
    ) -> Result<()> {
        let rows = sqlx::query(concat!(
            "SELECT d.content_hash FROM doomed_blobs d
             WHERE d.removed_at < $1 OR d.removed_at IS NULL AND ",
            needed!("d.content_hash"),
            " ORDER BY d.content_hash"
        ))
        .bind(remembered)
        .fetch_all(self.database.read())
        .await?;
        for row in &rows {
            self.unmark(row.parsed("content_hash")?).await?;
        }
        let rows =
            sqlx::query("SELECT content_hash FROM doomed_blobs WHERE removed_at IS NULL AND since < $1 ORDER BY since")
                .bind(before)
                .fetch_all(self.database.read())
                .await?;
        for row in &rows {
            let hash = row.parsed("content_hash")?;
            match self.remove_content(hash, now, before).await {
                Ok(removed) => swept.contents += u64::from(removed),
                // It must not keep the others from being removed, neither now nor in the next sweep.
                Err(error) => {
                    tracing::warn!("the files of {hash} can't be removed: {error}");
                    swept.left += 1;
                    self.put_off(hash, now).await?;
                    if error.is_passing() {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    /// Removes a content if it still has a mark from before `before` and no reference. Answers whether it has.
    async fn remove_content(&self, hash: ContentHash, now: i64, before: i64) -> Result<bool> {
        let mut write = self.database.write().await?;
        if !claim(&mut write, hash, now, before).await? {
            return Ok(false);
        }
        if self.is_newer(hash, before).await? {
            // An upload has just put it again, and its rows may follow.
            drop(write);
            self.unmark(hash).await?;
            return Ok(false);
        }
        self.erase(&mut write, hash).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Puts a mark behind all others.
    async fn put_off(&self, hash: ContentHash, now: i64) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query("UPDATE doomed_blobs SET since = $1 WHERE content_hash = $2 AND removed_at IS NULL")
            .bind(now)
            .bind(hash.to_string())
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// Removes what there is of a content whose mark the transaction has claimed. If it does not commit, the mark is as it
    /// was and the rest is for a later sweep.
    pub(super) async fn erase(&self, write: &mut Write, hash: ContentHash) -> Result<()> {
        sqlx::query("DELETE FROM embeddings WHERE content_hash = $1")
            .bind(hash.to_string())
            .execute(&mut **write)
            .await?;
        // The original first: where it is there, so is the thumbnail.
        self.blobs().delete(&original_key(hash)).await?;
        self.blobs().delete(&thumbnail_key(hash)).await
    }

    async fn unmark(&self, hash: ContentHash) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query("DELETE FROM doomed_blobs WHERE content_hash = $1")
            .bind(hash.to_string())
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// Whether one of the files has been written since `before`.
    async fn is_newer(&self, hash: ContentHash, before: i64) -> Result<bool> {
        for key in [original_key(hash), thumbnail_key(hash)] {
            if self.blobs().info(&key).await?.is_some_and(|blob| blob.modified.millis() >= before) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Takes the mark of a content that was marked before `before` and has no reference, until the transaction ends: uploads of
/// the same bytes wait for that. Answers whether there is such a mark.
pub(super) async fn claim(write: &mut Write, hash: ContentHash, now: i64, before: i64) -> Result<bool> {
    let claimed = sqlx::query(concat!(
        "UPDATE doomed_blobs SET removed_at = $1
         WHERE content_hash = $2 AND removed_at IS NULL AND since < $3 AND NOT ",
        needed!("$2")
    ))
    .bind(now)
    .bind(hash.to_string())
    .bind(before)
    .execute(&mut **write)
    .await?;
    Ok(claimed.rows_affected() > 0)
}

/// Takes the marks off contents that are about to have a row: a sweeper that would remove them waits until the transaction
/// ends, and then finds no mark.
///
/// # Errors
/// [`StoreError::Unavailable`] if the files have been removed since they were put: the upload has to be sent again.
pub(crate) async fn spare(store: &Store, write: &mut Write, hashes: &BTreeSet<ContentHash>) -> Result<()> {
    let hashes: Vec<String> = hashes.iter().map(ContentHash::to_string).collect();
    let mut marked: Vec<ContentHash> = Vec::new();
    for chunk in hashes.chunks(CHUNK) {
        let list = placeholders(1..1 + chunk.len());
        let mut select = one_off(format!("SELECT content_hash FROM doomed_blobs WHERE content_hash IN {list}"));
        for hash in chunk {
            select = select.bind(hash);
        }
        for row in select.fetch_all(&mut **write).await? {
            marked.push(row.parsed("content_hash")?);
        }
    }
    // One after another in order, so that two uploads can't deadlock.
    marked.sort_unstable();
    for hash in marked {
        let deleted = sqlx::query("DELETE FROM doomed_blobs WHERE content_hash = $1")
            .bind(hash.to_string())
            .execute(&mut **write)
            .await?;
        if deleted.rows_affected() == 0 {
            continue;
        }
        // Also where the mark does not say so: a sweeper that died after it had removed them could not write it down.
        let blobs = store.blobs();
        if !(blobs.exists(&original_key(hash)).await? && blobs.exists(&thumbnail_key(hash)).await?) {
            return Err(StoreError::Unavailable("a file was swept away before it had a row".into()));
        }
    }
    Ok(())
}

/// The content that a blob belongs to; none if it is not named as one.
fn content_of(blob: &BlobInfo) -> Option<ContentHash> {
    let name = blob.key.rsplit('/').next()?;
    name.strip_suffix(".jpg").unwrap_or(name).parse().ok()
}
