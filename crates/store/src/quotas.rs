//! What one user may have, and what they have.

use crate::{
    Store,
    database::Write,
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    UserId,
    usage::{Amount, Usage},
};
use sqlx::any::AnyRow;
use std::sync::PoisonError;

/// The most that one user may have of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    pub images: u64,
    /// Of the files of all images and models.
    pub bytes: u64,
    pub projects: u64,
    /// Runs that are queued or under way.
    pub runs: u64,
}

/// Until somebody says otherwise.
impl Default for Quotas {
    fn default() -> Self {
        Self { images: u64::MAX, bytes: u64::MAX, projects: u64::MAX, runs: u64::MAX }
    }
}

/// What takes space of a user's: deleted images do not.
const HELD: &str = "SELECT
    (SELECT COUNT(*) FROM projects p JOIN images i ON i.project_id = p.id AND i.deleted_at IS NULL
     WHERE p.owner_id = $1) AS images,
    (SELECT CAST(COALESCE(SUM(i.bytes), 0) AS BIGINT) FROM projects p
     JOIN images i ON i.project_id = p.id AND i.deleted_at IS NULL WHERE p.owner_id = $1) AS image_bytes,
    (SELECT CAST(COALESCE(SUM(m.file_bytes), 0) AS BIGINT) FROM projects p
     JOIN models m ON m.project_id = p.id WHERE p.owner_id = $1) AS model_bytes";

/// Images, and bytes of images and models, of a row of [`HELD`].
fn of_held(row: &AnyRow) -> Result<(u64, u64)> {
    let bytes: [u64; 2] = [row.count("image_bytes")?, row.count("model_bytes")?];
    Ok((row.count("images")?, bytes.iter().sum()))
}

impl Store {
    /// Sets what each user may have.
    pub fn set_quotas(&self, quotas: Quotas) {
        *self.quotas.write().unwrap_or_else(PoisonError::into_inner) = quotas;
    }

    pub(crate) fn quotas(&self) -> Quotas {
        *self.quotas.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a user has, and may have.
    pub async fn usage(&self, user: UserId) -> Result<Usage> {
        let (images_held, bytes_held) = self.held(user).await?;
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM projects p WHERE p.owner_id = $1) AS projects,
                    (SELECT COUNT(*) FROM projects p JOIN models m ON m.project_id = p.id
                     WHERE p.owner_id = $1 AND m.version > 0 AND m.status IN ('queued', 'running')) AS runs",
        )
        .bind(user.to_string())
        .fetch_one(self.database.read())
        .await?;
        let Quotas { images, bytes, projects, runs } = self.quotas();
        Ok(Usage {
            images: Amount { used: images_held, allowed: images },
            bytes: Amount { used: bytes_held, allowed: bytes },
            projects: Amount { used: row.count("projects")?, allowed: projects },
            runs: Amount { used: row.count("runs")?, allowed: runs },
        })
    }

    /// How many images a user has, and how many bytes these and the models take.
    pub(crate) async fn held(&self, user: UserId) -> Result<(u64, u64)> {
        of_held(&sqlx::query(HELD).bind(user.to_string()).fetch_one(self.database.read()).await?)
    }

    /// Whether there is room for what the user has, the images that this transaction has added included. The user must be
    /// locked.
    pub(crate) async fn check_room(&self, write: &mut Write, user: UserId) -> Result<()> {
        let Quotas { images, bytes, .. } = self.quotas();
        let held = sqlx::query(HELD).bind(user.to_string()).fetch_one(&mut **write).await?;
        match of_held(&held)? {
            (images_held, _) if images_held > images => Err(StoreError::TooMany { what: "pictures", limit: images }),
            (_, bytes_held) if bytes_held > bytes => Err(StoreError::TooMany { what: "bytes", limit: bytes }),
            _ => Ok(()),
        }
    }

    /// Whether one more run may be queued. The user must be locked.
    pub(crate) async fn check_runs(&self, write: &mut Write, user: UserId) -> Result<()> {
        let limit = self.quotas().runs;
        let runs: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM projects p JOIN models m ON m.project_id = p.id
             WHERE p.owner_id = $1 AND m.version > 0 AND m.status IN ('queued', 'running')",
        )
        .bind(user.to_string())
        .fetch_one(&mut **write)
        .await?;
        if runs as u64 >= limit { Err(StoreError::TooManyRuns(limit)) } else { Ok(()) }
    }
}
