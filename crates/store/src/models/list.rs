//! Finding models.

use super::labels_of;
use crate::{
    Store,
    cursor::{Cursor, page, page_size},
    epochs::epochs_of,
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    ModelId, Page, ProjectId, UserId,
    model::{AccuracyKind, Backbone, Mode, Model, Phase, Progress, Status},
};
use serde::de::DeserializeOwned;
use sqlx::any::AnyRow;

impl Store {
    /// One model with its epochs.
    pub async fn model(&self, owner: UserId, id: ModelId) -> Result<Model> {
        let row = sqlx::query(
            "SELECT m.* FROM models m JOIN projects p ON p.id = m.project_id WHERE m.id = $1 AND p.owner_id = $2",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?
        .ok_or(StoreError::NotFound("model"))?;
        self.models_of_rows(&[row]).await?.pop().ok_or(StoreError::NotFound("model"))
    }

    /// The project that a model is of.
    pub async fn project_of_model(&self, owner: UserId, id: ModelId) -> Result<ProjectId> {
        let row = sqlx::query(
            "SELECT m.project_id FROM models m JOIN projects p ON p.id = m.project_id WHERE m.id = $1 AND p.owner_id = $2",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?;
        row.ok_or(StoreError::NotFound("model"))?.parsed("project_id")
    }

    /// The project's models with their epochs, the newest first, without drafts.
    pub async fn models(
        &self,
        owner: UserId,
        project: ProjectId,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<Model>> {
        self.check_project(owner, project).await?;
        let limit = page_size(limit);
        let before = Cursor::version(cursor)?;
        let rows = sqlx::query(
            "SELECT * FROM models WHERE project_id = $1 AND version < $2 AND version > 0
                 ORDER BY version DESC LIMIT $3",
        )
        .bind(project.to_string())
        .bind(before)
        .bind(i64::from(limit) + 1)
        .fetch_all(self.database.read())
        .await?;
        let models = self.models_of_rows(&rows).await?;
        Ok(page(models, limit, |last: &Model| Cursor::Version(last.version.into())))
    }

    async fn models_of_rows(&self, rows: &[AnyRow]) -> Result<Vec<Model>> {
        let mut models = rows.iter().map(model).collect::<Result<Vec<_>>>()?;
        let ids: Vec<_> = models.iter().map(|model| model.id).collect();
        let mut labels = labels_of(self.database.read(), &ids).await?;
        let mut epochs = epochs_of(self.database.read(), &ids).await?;
        for model in &mut models {
            model.labels = labels.remove(&model.id).unwrap_or_default();
            model.epochs = epochs.remove(&model.id).unwrap_or_default();
        }
        Ok(models)
    }
}

/// Reads a row of `models`; labels and epochs are still missing.
fn model(row: &AnyRow) -> Result<Model> {
    let low = row.optional_double("accuracy_low")?;
    let high = row.optional_double("accuracy_high")?;
    let version = row.integer("version")?;
    Ok(Model {
        id: row.parsed("id")?,
        project_id: row.parsed("project_id")?,
        version: u32::try_from(version.max(0)).map_err(|_| StoreError::Corrupt("version".into()))?,
        draft: version < 0,
        name: row.text("name")?,
        mode: row.known("mode", Mode::parse)?,
        backbone: row.known("backbone", Backbone::parse)?,
        status: row.known("status", Status::parse)?,
        phase: row.optional_known("phase", Phase::parse)?,
        progress: Progress { done: row.count("progress_done")?, total: row.count("progress_total")? },
        settings: row.known("settings", json)?,
        labels: Vec::new(),
        image_count: row.count("image_count")?,
        accuracy: row.optional_double("accuracy")?,
        accuracy_interval: low.zip(high).map(|(low, high)| [low, high]),
        accuracy_kind: row.optional_known("accuracy_kind", AccuracyKind::parse)?,
        training_accuracy: row.optional_double("training_accuracy")?,
        train_seconds: row.optional_double("train_seconds")?,
        epochs: Vec::new(),
        problem: row.optional_known("problem", json)?,
        created_at: row.time("created_at")?,
        finished_at: row.optional_time("finished_at")?,
    })
}

pub(super) fn json<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
