//! Models that can predict.

use super::labels_of;
use crate::{
    Store,
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    ModelId, ProjectId, UserId,
    label::LabelRef,
    model::{Backbone, Mode, Status},
};

/// What predicting needs of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyModel {
    pub id: ModelId,
    pub project: ProjectId,
    pub mode: Mode,
    pub backbone: Backbone,
    pub weights_sha256: String,
    pub preprocessing: String,
    /// The blob that holds the trained layer.
    pub file_key: String,
    /// Of that blob, in hexadecimal; `None` for models of earlier versions.
    pub file_sha256: Option<String>,
    /// In the order of the trained layer's outputs, under their names of now.
    pub labels: Vec<LabelRef>,
}

impl Store {
    /// The given model.
    ///
    /// # Errors
    /// [`StoreError::NotReady`] if its run has not succeeded (yet).
    pub async fn ready_model(&self, owner: UserId, id: ModelId) -> Result<ReadyModel> {
        let row = sqlx::query(
            "SELECT m.project_id, m.mode, m.backbone, m.weights_sha256, m.preprocessing, m.file_key,
                 m.file_sha256, m.status
             FROM models m JOIN projects p ON p.id = m.project_id WHERE m.id = $1 AND p.owner_id = $2",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?
        .ok_or(StoreError::NotFound("model"))?;
        match row.known("status", Status::parse)? {
            Status::Ready => {}
            other => return Err(StoreError::NotReady(other)),
        }
        Ok(ReadyModel {
            id,
            project: row.parsed("project_id")?,
            mode: row.known("mode", Mode::parse)?,
            backbone: row.known("backbone", Backbone::parse)?,
            weights_sha256: row.text("weights_sha256")?,
            preprocessing: row.text("preprocessing")?,
            file_key: row.text("file_key")?,
            file_sha256: row.optional_text("file_sha256")?,
            labels: labels_of(self.database.read(), &[id]).await?.remove(&id).unwrap_or_default(),
        })
    }

    /// The model that the project predicts with: the one chosen, else the newest that is ready.
    ///
    /// # Errors
    /// [`StoreError::NoModel`] if none is ready.
    pub async fn active_model(&self, owner: UserId, project: ProjectId) -> Result<ReadyModel> {
        let row = sqlx::query(
            "SELECT COALESCE(
                 (SELECT m.id FROM models m
                  WHERE m.id = p.active_model_id AND m.project_id = p.id AND m.status = 'ready'),
                 (SELECT m.id FROM models m WHERE m.project_id = p.id AND m.status = 'ready' AND m.version > 0
                  ORDER BY m.version DESC LIMIT 1)
             ) AS active_model_id
             FROM projects p WHERE p.id = $1 AND p.owner_id = $2",
        )
        .bind(project.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?
        .ok_or(StoreError::NotFound("project"))?;
        let id = row.optional_parsed("active_model_id")?.ok_or(StoreError::NoModel)?;
        self.ready_model(owner, id).await
    }

    /// The newest instant model that is ready, a draft included: the one whose opinion on stored embeddings counts most.
    ///
    /// # Errors
    /// [`StoreError::NoModel`] if none is ready.
    pub async fn newest_instant_model(&self, owner: UserId, project: ProjectId) -> Result<ReadyModel> {
        self.check_project(owner, project).await?;
        // A draft that is ready is newer than every version: the next version to be ready deletes it.
        let row = sqlx::query(
            "SELECT id FROM models WHERE project_id = $1 AND mode = 'instant' AND status = 'ready'
             ORDER BY CASE WHEN version < 0 THEN 0 ELSE 1 END, version DESC LIMIT 1",
        )
        .bind(project.to_string())
        .fetch_optional(self.database.read())
        .await?;
        let id = row.ok_or(StoreError::NoModel)?.parsed("id")?;
        self.ready_model(owner, id).await
    }
}
