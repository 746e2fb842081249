//! Asking for a run: its version, and the snapshot that it learns from.

use crate::{
    Store,
    clock::now,
    database::Write,
    error::{Result, StoreError},
    ids::new_id,
    projects::lock_project,
    row::Columns,
    users::lock_user,
};
use dto::{
    ModelId, ProjectId, UserId,
    model::{Backbone, Mode, Model, Settings, Status},
};

/// What a run is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub struct NewModel {
    pub mode: Mode,
    pub backbone: Backbone,
    /// Of the backbone's weights, in hexadecimal.
    pub weights_sha256: String,
    /// The version of the preprocessing that the embeddings are made with.
    pub preprocessing: String,
    pub settings: Settings,
    /// Whether it replaces the project's draft instead of becoming a version.
    pub draft: bool,
}

impl Store {
    /// Makes a queued run of the project's labelled images as they are now: later changes to them don't touch it.
    ///
    /// # Errors
    /// [`StoreError::NotEnoughImages`] unless two labels have two images each; [`StoreError::TooManyRuns`] if the user has as
    /// many under way as [`crate::Quotas`] allow, drafts aside; [`StoreError::TooMany`] if what they have takes more space
    /// than it may already.
    pub async fn create_model(&self, owner: UserId, project: ProjectId, new: &NewModel) -> Result<Model> {
        let mut write = self.database.write().await?;
        let version = if new.draft {
            next_draft(&mut write, owner, project).await?
        } else {
            lock_user(&mut write, owner).await?;
            let version = next_version(&mut write, owner, project).await?;
            self.check_runs(&mut write, owner).await?;
            self.check_room(&mut write, owner).await?;
            version
        };
        check_enough(&mut write, project).await?;

        let id = ModelId(new_id());
        let settings =
            serde_json::to_string(&new.settings).map_err(|error| StoreError::Corrupt(format!("settings: {error}")))?;
        sqlx::query(
            "INSERT INTO models (id, project_id, version, name, mode, backbone, weights_sha256, preprocessing,
                 settings, status, image_count, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11)",
        )
        .bind(id.to_string())
        .bind(project.to_string())
        .bind(version)
        .bind(if new.draft { "Draft".to_owned() } else { format!("Version {version}") })
        .bind(new.mode.as_str())
        .bind(new.backbone.as_str())
        .bind(&new.weights_sha256)
        .bind(&new.preprocessing)
        .bind(settings)
        .bind(Status::Queued.as_str())
        .bind(now().millis())
        .execute(&mut *write)
        .await?;
        take_snapshot(&mut write, id, project).await?;
        write.commit().await?;
        self.model(owner, id).await
    }
}

/// Gives out the project's next version, which locks the project.
async fn next_version(write: &mut Write, owner: UserId, project: ProjectId) -> Result<i64> {
    let row = sqlx::query(
        "UPDATE projects SET model_versions = model_versions + 1 WHERE id = $1 AND owner_id = $2
         RETURNING model_versions",
    )
    .bind(project.to_string())
    .bind(owner.to_string())
    .fetch_optional(&mut **write)
    .await?;
    row.ok_or(StoreError::NotFound("project"))?.integer("model_versions")
}

/// Clears away drafts that are not ready, whose runs then stop, and gives out a number for the next: drafts count downwards
/// from -1. The one that is ready stays until another is.
async fn next_draft(write: &mut Write, owner: UserId, project: ProjectId) -> Result<i64> {
    lock_project(write, owner, project).await?;
    sqlx::query("DELETE FROM models WHERE project_id = $1 AND version < 0 AND status <> 'ready'")
        .bind(project.to_string())
        .execute(&mut **write)
        .await?;
    let row =
        sqlx::query("SELECT COALESCE(MIN(version), 0) AS lowest FROM models WHERE project_id = $1 AND version < 0")
            .bind(project.to_string())
            .fetch_one(&mut **write)
            .await?;
    Ok(row.integer("lowest")? - 1)
}

async fn check_enough(write: &mut Write, project: ProjectId) -> Result<()> {
    let rows = sqlx::query(
        "SELECT COUNT(*) AS images FROM images
         WHERE project_id = $1 AND deleted_at IS NULL AND label_id IS NOT NULL GROUP BY label_id",
    )
    .bind(project.to_string())
    .fetch_all(&mut **write)
    .await?;
    let counts = rows.iter().map(|row| row.count("images")).collect::<Result<Vec<u64>>>()?;
    let labels_with_images = counts.iter().filter(|images| **images >= 2).count() as u64;
    if labels_with_images < 2 {
        return Err(StoreError::NotEnoughImages { labels_with_images, images: counts.iter().sum() });
    }
    Ok(())
}

async fn take_snapshot(write: &mut Write, id: ModelId, project: ProjectId) -> Result<()> {
    let images = sqlx::query(
        "INSERT INTO results (model_id, image_id, content_hash, label_id)
         SELECT $1, id, content_hash, label_id FROM images
         WHERE project_id = $2 AND deleted_at IS NULL AND label_id IS NOT NULL",
    )
    .bind(id.to_string())
    .bind(project.to_string())
    .execute(&mut **write)
    .await?
    .rows_affected();
    // Labels without an image are left out, and positions are numbered anew.
    sqlx::query(
        "INSERT INTO model_labels (model_id, label_id, name, position)
         SELECT $1, l.id, l.name, ROW_NUMBER() OVER (ORDER BY l.position) - 1 FROM labels l
         WHERE l.project_id = $2 AND EXISTS (
             SELECT 1 FROM images i
             WHERE i.project_id = $2 AND i.label_id = l.id AND i.deleted_at IS NULL)",
    )
    .bind(id.to_string())
    .bind(project.to_string())
    .execute(&mut **write)
    .await?;
    sqlx::query("UPDATE models SET image_count = $1 WHERE id = $2")
        .bind(images as i64)
        .bind(id.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}
