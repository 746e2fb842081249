//! The contents that images refer to.

use crate::{Store, clock::now, embeddings::forget_problems, error::Result, ids::ContentHash, row::Columns};
use dto::ProjectId;

/// A content that images refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptContent {
    pub hash: ContentHash,
    /// Whether its images are marked as damaged already.
    pub damaged: bool,
}

/// Who uses a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentUse {
    /// The oldest image of it, with its project's name and its user's.
    pub file_name: String,
    pub project: String,
    pub username: String,
    /// Every project that has an image of it.
    pub projects: Vec<ProjectId>,
}

impl Store {
    /// How many contents images refer to.
    pub async fn content_count(&self) -> Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(DISTINCT content_hash) FROM images")
            .fetch_one(self.database.read())
            .await?;
        Ok(count as u64)
    }

    /// The contents that images refer to, deleted images included, in order, from the one after `after`.
    pub async fn contents(&self, after: Option<ContentHash>, limit: u32) -> Result<Vec<KeptContent>> {
        let rows = sqlx::query(
            "SELECT content_hash, COUNT(damaged_at) AS damaged FROM images WHERE content_hash > $1
             GROUP BY content_hash ORDER BY content_hash LIMIT $2",
        )
        .bind(after.map_or_else(String::new, |hash| hash.to_string()))
        .bind(i64::from(limit))
        .fetch_all(self.database.read())
        .await?;
        rows.iter()
            .map(|row| Ok(KeptContent { hash: row.parsed("content_hash")?, damaged: row.flag("damaged")? }))
            .collect()
    }

    /// Who uses a content now; `None` if nobody does any more.
    pub async fn content_use(&self, hash: ContentHash) -> Result<Option<ContentUse>> {
        let rows = sqlx::query(
            "SELECT i.file_name, i.project_id, p.name, u.username FROM images i
             JOIN projects p ON p.id = i.project_id JOIN users u ON u.id = p.owner_id
             WHERE i.content_hash = $1 ORDER BY i.id",
        )
        .bind(hash.to_string())
        .fetch_all(self.database.read())
        .await?;
        let Some(first) = rows.first() else { return Ok(None) };
        Ok(Some(ContentUse {
            file_name: first.text("file_name")?,
            project: first.text("name")?,
            username: first.text("username")?,
            projects: rows.iter().map(|row| row.parsed("project_id")).collect::<Result<_>>()?,
        }))
    }

    /// Says of all images of a content that their file is damaged, or no longer so: then it can be looked at again, too.
    pub async fn set_damaged(&self, hash: ContentHash, damaged: bool) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query("UPDATE images SET damaged_at = $1 WHERE content_hash = $2")
            .bind(damaged.then(|| now().millis()))
            .bind(hash.to_string())
            .execute(&mut *write)
            .await?;
        if !damaged {
            forget_problems(&mut write, &[hash]).await?;
        }
        write.commit().await
    }
}
