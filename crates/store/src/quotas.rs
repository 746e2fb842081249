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
use std::sync::PoisonError;

/// The most that one user may have of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    pub images: u64,
    /// Of the files of all images.
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
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM projects p JOIN images i ON i.project_id = p.id AND i.deleted_at IS NULL
                     WHERE p.owner_id = $1) AS images,
                    (SELECT CAST(COALESCE(SUM(i.bytes), 0) AS BIGINT) FROM projects p
                     JOIN images i ON i.project_id = p.id AND i.deleted_at IS NULL WHERE p.owner_id = $1) AS bytes,
                    (SELECT COUNT(*) FROM projects p WHERE p.owner_id = $1) AS projects,
                    (SELECT COUNT(*) FROM projects p JOIN models m ON m.project_id = p.id
                     WHERE p.owner_id = $1 AND m.version > 0 AND m.status IN ('queued', 'running')) AS runs",
        )
        .bind(user.to_string())
        .fetch_one(self.database.read())
        .await?;
        let Quotas { images, bytes, projects, runs } = self.quotas();
        let amount = |name: &str, allowed| Ok::<_, StoreError>(Amount { used: row.count(name)?, allowed });
        Ok(Usage {
            images: amount("images", images)?,
            bytes: amount("bytes", bytes)?,
            projects: amount("projects", projects)?,
            runs: amount("runs", runs)?,
        })
    }

    /// Whether there is room for so many bytes more. The user must be locked.
    pub(crate) async fn check_bytes(&self, write: &mut Write, user: UserId, new: u64) -> Result<()> {
        let limit = self.quotas().bytes;
        if new == 0 || limit == u64::MAX {
            return Ok(());
        }
        let used: i64 = sqlx::query_scalar(
            "SELECT CAST(COALESCE(SUM(i.bytes), 0) AS BIGINT) FROM projects p
             JOIN images i ON i.project_id = p.id AND i.deleted_at IS NULL WHERE p.owner_id = $1",
        )
        .bind(user.to_string())
        .fetch_one(&mut **write)
        .await?;
        if (used as u64).saturating_add(new) > limit {
            Err(StoreError::TooMany { what: "bytes", limit })
        } else {
            Ok(())
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
