//! Labelling, deleting and restoring images.

use super::lock_project_of;
use crate::{
    Store,
    clock::now,
    database::{CHUNK, Write, one_off, placeholders},
    error::{Result, StoreError},
    projects::lock_project,
    row::Columns,
    users::lock_user,
};
use dto::{ImageId, LabelId, ProjectId, UserId, image::Image};
use std::{collections::BTreeSet, time::Duration};

/// How long a deleted image can be restored.
pub(crate) const RESTORABLE: Duration = Duration::from_secs(24 * 60 * 60);

impl Store {
    /// Gives an image a label of its project, or takes its label away.
    pub async fn set_label(&self, owner: UserId, id: ImageId, label: Option<LabelId>) -> Result<Image> {
        let mut write = self.database.write().await?;
        let project = lock_project_of(&mut write, owner, id).await?;
        check_label(&mut write, project, label).await?;
        let changed = sqlx::query("UPDATE images SET label_id = $1 WHERE id = $2 AND deleted_at IS NULL")
            .bind(label.map(|label| label.to_string()))
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::NotFound("image"));
        }
        write.commit().await?;
        self.image(owner, id).await
    }

    /// Gives many images of a project a label of it, or takes their labels away; all or, if one of them is not
    /// there, none. Answers how many images they are.
    pub async fn set_labels(
        &self,
        owner: UserId,
        project: ProjectId,
        ids: &[ImageId],
        label: Option<LabelId>,
    ) -> Result<u64> {
        let ids = distinct(ids);
        let mut write = self.database.write().await?;
        lock_project(&mut write, owner, project).await?;
        check_label(&mut write, project, label).await?;
        let mut changed = 0;
        for chunk in ids.chunks(CHUNK) {
            let list = placeholders(3..3 + chunk.len());
            let sql = format!(
                "UPDATE images SET label_id = $1 WHERE project_id = $2 AND deleted_at IS NULL AND id IN {list}"
            );
            let mut statement = one_off(sql).bind(label.map(|label| label.to_string())).bind(project.to_string());
            for id in chunk {
                statement = statement.bind(id);
            }
            changed += statement.execute(&mut *write).await?.rows_affected();
        }
        if changed != ids.len() as u64 {
            return Err(StoreError::NotFound("image"));
        }
        write.commit().await?;
        Ok(changed)
    }

    /// Notes that the labels which these images have now are right or, unless `confirmed`, that nobody has said so; all or,
    /// if one of them is not there, none. Images without a label stay as they are. Answers how many images they are.
    pub async fn confirm_labels(
        &self,
        owner: UserId,
        project: ProjectId,
        ids: &[ImageId],
        confirmed: bool,
    ) -> Result<u64> {
        let right = if confirmed { "label_id" } else { "NULL" };
        let ids = distinct(ids);
        let mut write = self.database.write().await?;
        lock_project(&mut write, owner, project).await?;
        let mut changed = 0;
        for chunk in ids.chunks(CHUNK) {
            let list = placeholders(2..2 + chunk.len());
            let mut update = one_off(format!(
                "UPDATE images SET confirmed_label_id = {right}
                 WHERE project_id = $1 AND deleted_at IS NULL AND id IN {list}"
            ))
            .bind(project.to_string());
            for id in chunk {
                update = update.bind(id);
            }
            changed += update.execute(&mut *write).await?.rows_affected();
        }
        if changed != ids.len() as u64 {
            return Err(StoreError::NotFound("image"));
        }
        write.commit().await?;
        Ok(changed)
    }

    /// Gives unlabelled images of a project their suggested labels; those that have a label by now, or are gone, stay as
    /// they are. Answers which were labelled.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if one of the labels is gone; then nothing is changed.
    pub async fn accept_labels(
        &self,
        owner: UserId,
        project: ProjectId,
        suggested: &[(LabelId, Vec<ImageId>)],
    ) -> Result<Vec<(LabelId, Vec<ImageId>)>> {
        let mut write = self.database.write().await?;
        lock_project(&mut write, owner, project).await?;
        let mut accepted = Vec::with_capacity(suggested.len());
        for (label, ids) in suggested {
            check_label(&mut write, project, Some(*label)).await?;
            let mut changed = Vec::with_capacity(ids.len());
            for chunk in distinct(ids).chunks(CHUNK) {
                let list = placeholders(3..3 + chunk.len());
                let mut update = one_off(format!(
                    "UPDATE images SET label_id = $1
                     WHERE project_id = $2 AND deleted_at IS NULL AND label_id IS NULL AND id IN {list} RETURNING id"
                ))
                .bind(label.to_string())
                .bind(project.to_string());
                for id in chunk {
                    update = update.bind(id);
                }
                for row in update.fetch_all(&mut *write).await? {
                    changed.push(row.parsed("id")?);
                }
            }
            changed.sort_unstable();
            accepted.push((*label, changed));
        }
        write.commit().await?;
        Ok(accepted)
    }

    /// Hides an image; for a day it can be restored. Its label stays with it.
    pub async fn delete_image(&self, owner: UserId, id: ImageId) -> Result<()> {
        let mut write = self.database.write().await?;
        lock_project_of(&mut write, owner, id).await?;
        let deleted = sqlx::query("UPDATE images SET deleted_at = $1 WHERE id = $2 AND deleted_at IS NULL")
            .bind(now().millis())
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        if deleted.rows_affected() == 0 {
            return Err(StoreError::NotFound("image"));
        }
        write.commit().await
    }

    /// Hides many images of a project; all or, if one of them is not there, none. Those that are hidden already stay
    /// so. Answers how many have been hidden.
    pub async fn delete_images(&self, owner: UserId, project: ProjectId, ids: &[ImageId]) -> Result<u64> {
        // The lower bound excludes nothing: an image that was deleted long ago, but is not gone yet, counts as there.
        self.set_deleted(owner, project, ids, Some(now().millis()), 0).await
    }

    /// Shows deleted images of a project again; all or, if one of them is not there or was deleted more than a day
    /// ago, none. Those that are not deleted stay so. Answers how many have been restored.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if there is no room for them any more.
    pub async fn restore_images(&self, owner: UserId, project: ProjectId, ids: &[ImageId]) -> Result<u64> {
        let since = now().millis() - RESTORABLE.as_millis() as i64;
        self.set_deleted(owner, project, ids, None, since).await
    }

    /// Deletes (at a time) or restores (`None`) images, provided that each exists and is either not deleted or was so
    /// at `since` or later.
    async fn set_deleted(
        &self,
        owner: UserId,
        project: ProjectId,
        ids: &[ImageId],
        deleted_at: Option<i64>,
        since: i64,
    ) -> Result<u64> {
        let ids = distinct(ids);
        let mut write = self.database.write().await?;
        if deleted_at.is_none() {
            lock_user(&mut write, owner).await?;
        }
        lock_project(&mut write, owner, project).await?;
        let (mut found, mut changed) = (0, 0);
        for chunk in ids.chunks(CHUNK) {
            let list = placeholders(3..3 + chunk.len());
            let sql = format!(
                "SELECT COUNT(*) AS found FROM images
                 WHERE project_id = $1 AND COALESCE(deleted_at, $2) >= $2 AND id IN {list}"
            );
            let mut count = one_off(sql).bind(project.to_string()).bind(since);
            for id in chunk {
                count = count.bind(id);
            }
            found += count.fetch_one(&mut *write).await?.integer("found")?;

            let state = if deleted_at.is_some() { "NULL" } else { "NOT NULL" };
            let sql = format!(
                "UPDATE images SET deleted_at = $1 WHERE project_id = $2 AND deleted_at IS {state} AND id IN {list}"
            );
            let mut update = one_off(sql).bind(deleted_at).bind(project.to_string());
            for id in chunk {
                update = update.bind(id);
            }
            changed += update.execute(&mut *write).await?.rows_affected();
        }
        if found != ids.len() as i64 {
            return Err(StoreError::NotFound("image"));
        }
        if deleted_at.is_none() && changed > 0 {
            self.check_room(&mut write, owner).await?;
        }
        write.commit().await?;
        Ok(changed)
    }
}

/// Checks that a label, if any, is one of the project, which has to be locked.
async fn check_label(write: &mut Write, project: ProjectId, label: Option<LabelId>) -> Result<()> {
    let Some(label) = label else { return Ok(()) };
    let row = sqlx::query("SELECT id FROM labels WHERE id = $1 AND project_id = $2")
        .bind(label.to_string())
        .bind(project.to_string())
        .fetch_optional(&mut **write)
        .await?;
    row.map(drop).ok_or(StoreError::NotFound("label"))
}

/// Each identifier once, in order, as the database has it.
fn distinct(ids: &[ImageId]) -> Vec<String> {
    ids.iter().collect::<BTreeSet<_>>().into_iter().map(ImageId::to_string).collect()
}
