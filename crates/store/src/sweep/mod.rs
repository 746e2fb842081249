//! The sweeper: removes what nothing refers to any more. Any number of processes may sweep at once.
//!
//! Rows go first, files after them. A content (an original, its thumbnail, its embeddings) is first *marked*; once it has
//! had a mark and no reference for [`UNREFERENCED`], its files are removed in a transaction that holds the mark. An upload
//! of the same bytes takes the mark away in the transaction that writes its rows, so one of the two waits for the other;
//! the mark of what was removed stays for [`REMEMBERED`], so that an upload that comes second notices.
//!
//! What can't be removed is left for a later sweep, and the rest is removed all the same.

mod contents;
mod models;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod trouble_tests;

pub(crate) use contents::spare;

use crate::{Store, error::Result, images::RESTORABLE, row::Columns};
use dto::{ProjectId, Timestamp};
use std::time::Duration;

/// How long a file has to have had no reference before it is removed.
const UNREFERENCED: Duration = Duration::from_secs(60 * 60);
/// How long it is remembered what was removed: longer than any upload takes.
const REMEMBERED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What a sweep has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Images that had been deleted for longer than they can be restored.
    pub images: u64,
    /// Originals with their thumbnails and embeddings.
    pub contents: u64,
    /// Files of models that are gone, and checkpoints of runs that are over.
    pub model_files: u64,
    /// Files that were being written when a process died.
    pub unfinished: u64,
    /// Contents and files of models that could not be removed. The log says why.
    pub left: u64,
}

/// `true` in SQL if the content of this hash is still needed: by an image, deleted ones included, or by a run that has yet
/// to learn from it.
macro_rules! needed {
    ($hash:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM images i WHERE i.content_hash = ",
            $hash,
            ")
              OR EXISTS (SELECT 1 FROM models m JOIN results r ON r.model_id = m.id
                         WHERE m.status IN ('queued', 'running') AND r.content_hash = ",
            $hash,
            "))"
        )
    };
}
use needed;

impl Store {
    /// Removes what nothing refers to any more, as of `now`.
    ///
    /// # Errors
    /// What a step failed of, the first one's if several did. All others have been done.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept> {
        let ago = |time: Duration| now.millis() - time.as_millis() as i64;
        let (now, unreferenced) = (now.millis(), ago(UNREFERENCED));
        let mut swept = Swept::default();
        let steps = [
            // What is found to be without a reference in this sweep is for a later one to remove.
            self.remove_contents(now, unreferenced, ago(REMEMBERED), &mut swept).await,
            self.purge_images(ago(RESTORABLE), &mut swept).await,
            self.mark_files("originals", now, unreferenced).await,
            self.mark_files("thumbnails", now, unreferenced).await,
            self.mark_embeddings(now, unreferenced).await,
            self.remove_model_files(unreferenced, &mut swept).await,
            self.remove_unfinished(unreferenced, &mut swept).await,
        ];
        steps.into_iter().collect::<Result<()>>()?;
        Ok(swept)
    }

    async fn remove_unfinished(&self, before: i64, swept: &mut Swept) -> Result<()> {
        swept.unfinished += self.blobs().remove_unfinished(Timestamp::from_millis(before)).await?;
        Ok(())
    }

    /// Deletes the rows of images that were deleted before a time, project by project.
    async fn purge_images(&self, before: i64, swept: &mut Swept) -> Result<()> {
        let rows = sqlx::query("SELECT DISTINCT project_id FROM images WHERE deleted_at < $1")
            .bind(before)
            .fetch_all(self.database.read())
            .await?;
        for row in &rows {
            let project: ProjectId = row.parsed("project_id")?;
            let mut write = self.database.write().await?;
            // As everybody does who writes to a project's images: an image may be restored at this moment.
            sqlx::query("UPDATE projects SET name = name WHERE id = $1")
                .bind(project.to_string())
                .execute(&mut *write)
                .await?;
            let deleted = sqlx::query("DELETE FROM images WHERE project_id = $1 AND deleted_at < $2")
                .bind(project.to_string())
                .bind(before)
                .execute(&mut *write)
                .await?;
            write.commit().await?;
            swept.images += deleted.rows_affected();
        }
        Ok(())
    }
}
