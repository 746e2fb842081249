//! A run on its way: starting, telling how far it is, being asked to stop.

use super::{labels_of, list::json};
use crate::{
    Store,
    clock::now,
    error::{Result, StoreError},
    ids::ContentHash,
    row::Columns,
};
use dto::{
    ImageId, LabelId, ModelId, ProjectId, Timestamp, UserId,
    label::LabelRef,
    model::{Backbone, Mode, Model, Phase, Progress, Settings, Status},
};
use std::collections::HashMap;

/// What a run works with.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub id: ModelId,
    pub project: ProjectId,
    pub owner: UserId,
    pub mode: Mode,
    pub backbone: Backbone,
    pub weights_sha256: String,
    pub preprocessing: String,
    pub settings: Settings,
    /// How often it has begun, this time included, since it last got further: a run that brings its process down must
    /// not do so for ever.
    pub attempts: u32,
    /// The epochs of earlier attempts that this one goes on from.
    pub kept_epochs: u32,
    /// In their order; under their names of now.
    pub labels: Vec<LabelRef>,
    /// The snapshot taken when the run was asked for, in the order of upload.
    pub samples: Vec<Sample>,
}

/// A labelled image of the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub image_id: ImageId,
    pub content_hash: ContentHash,
    /// Into [`Run::labels`].
    pub label_index: usize,
}

/// Whether an attempt at a run is still wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Wanted,
    /// The run was asked to stop, or is gone.
    Cancelled,
    /// Another attempt has begun since, or has ended the run.
    Superseded,
}

/// A run that has yet to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuedRun {
    pub id: ModelId,
    pub owner: UserId,
    /// When it was asked for.
    pub since: Timestamp,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunProgress {
    pub status: Status,
    pub phase: Option<Phase>,
    pub progress: Progress,
}

impl Store {
    /// Starts a run, or starts it again after an earlier attempt was interrupted: the first `kept_epochs` of that are
    /// kept. `None` if there is nothing to do: it is over, gone, or was to be cancelled (and now is). A job that is
    /// delivered twice may call this twice.
    pub async fn start_model(&self, id: ModelId, kept_epochs: u32) -> Result<Option<Run>> {
        let mut write = self.database.write().await?;
        let started = sqlx::query(
            "UPDATE models SET status = 'running', phase = NULL, progress_done = 0, progress_total = 0,
                 attempts = CASE WHEN $2 > kept_epochs THEN 1 ELSE attempts + 1 END, kept_epochs = $2
             WHERE id = $1 AND status IN ('queued', 'running') AND cancel_requested = 0",
        )
        .bind(id.to_string())
        .bind(i64::from(kept_epochs))
        .execute(&mut *write)
        .await?;
        if started.rows_affected() == 0 {
            drop(write);
            self.cancel_model(id).await?;
            return Ok(None);
        }
        sqlx::query("DELETE FROM epochs WHERE model_id = $1 AND epoch >= $2")
            .bind(id.to_string())
            .bind(i64::from(kept_epochs))
            .execute(&mut *write)
            .await?;
        // Before anybody else can begin it, so that the attempt that this tells of is this one.
        let row =
            sqlx::query("SELECT m.*, p.owner_id FROM models m JOIN projects p ON p.id = m.project_id WHERE m.id = $1")
                .bind(id.to_string())
                .fetch_optional(&mut *write)
                .await?;
        write.commit().await?;
        let Some(row) = row else { return Ok(None) };
        let labels = labels_of(self.database.read(), &[id]).await?.remove(&id).unwrap_or_default();
        let samples = self.samples(id, &labels).await?;
        Ok(Some(Run {
            id,
            project: row.parsed("project_id")?,
            owner: row.parsed("owner_id")?,
            mode: row.known("mode", Mode::parse)?,
            backbone: row.known("backbone", Backbone::parse)?,
            weights_sha256: row.text("weights_sha256")?,
            preprocessing: row.text("preprocessing")?,
            settings: row.known("settings", json)?,
            attempts: row.count("attempts")?,
            kept_epochs,
            labels,
            samples,
        }))
    }

    async fn samples(&self, id: ModelId, labels: &[LabelRef]) -> Result<Vec<Sample>> {
        let indices: HashMap<LabelId, usize> =
            labels.iter().enumerate().map(|(index, label)| (label.id, index)).collect();
        let rows =
            sqlx::query("SELECT image_id, content_hash, label_id FROM results WHERE model_id = $1 ORDER BY image_id")
                .bind(id.to_string())
                .fetch_all(self.database.read())
                .await?;
        rows.iter()
            .map(|row| {
                let index = indices.get(&row.parsed("label_id")?);
                Ok(Sample {
                    image_id: row.parsed("image_id")?,
                    content_hash: row.parsed("content_hash")?,
                    label_index: *index.ok_or_else(|| StoreError::Corrupt("label_id".into()))?,
                })
            })
            .collect()
    }

    /// Says what a running run is doing now, and how far that is.
    pub async fn set_phase(&self, id: ModelId, phase: Phase, progress: Progress) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query(
            "UPDATE models SET phase = $1, progress_done = $2, progress_total = $3
             WHERE id = $4 AND status = 'running'",
        )
        .bind(phase.as_str())
        .bind(progress.done as i64)
        .bind(progress.total as i64)
        .bind(id.to_string())
        .execute(&mut *write)
        .await?;
        write.commit().await
    }

    /// Where a run stands, cheaply: for asking often, once [`Store::model`] has said that it is the user's.
    pub async fn run_state(&self, id: ModelId) -> Result<RunProgress> {
        let row = sqlx::query("SELECT status, phase, progress_done, progress_total FROM models WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.database.read())
            .await?
            .ok_or(StoreError::NotFound("model"))?;
        Ok(RunProgress {
            status: row.known("status", Status::parse)?,
            phase: row.optional_known("phase", Phase::parse)?,
            progress: Progress { done: row.count("progress_done")?, total: row.count("progress_total")? },
        })
    }

    /// Stops a queued run at once, and asks a running one to stop.
    ///
    /// # Errors
    /// [`StoreError::NotRunning`] if it is over.
    pub async fn request_cancel(&self, owner: UserId, id: ModelId) -> Result<Model> {
        let model = self.model(owner, id).await?;
        let mut write = self.database.write().await?;
        let cancelled =
            sqlx::query("UPDATE models SET status = 'cancelled', finished_at = $1 WHERE id = $2 AND status = 'queued'")
                .bind(now().millis())
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        if cancelled.rows_affected() == 0 {
            let asked = sqlx::query("UPDATE models SET cancel_requested = 1 WHERE id = $1 AND status = 'running'")
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
            if asked.rows_affected() == 0 {
                drop(write);
                let status = self.run_state(id).await.map_or(model.status, |state| state.status);
                return Err(StoreError::NotRunning(status));
            }
        }
        write.commit().await?;
        self.model(owner, id).await
    }

    /// Whether an attempt at a run is still wanted.
    pub async fn standing(&self, run: &Run) -> Result<Standing> {
        let row = sqlx::query("SELECT status, cancel_requested, attempts, kept_epochs FROM models WHERE id = $1")
            .bind(run.id.to_string())
            .fetch_optional(self.database.read())
            .await?;
        let Some(row) = row else { return Ok(Standing::Cancelled) };
        if row.flag("cancel_requested")? {
            return Ok(Standing::Cancelled);
        }
        let (attempts, kept_epochs): (u32, u32) = (row.count("attempts")?, row.count("kept_epochs")?);
        let is_current = row.known("status", Status::parse)? == Status::Running
            && (attempts, kept_epochs) == (run.attempts, run.kept_epochs);
        Ok(if is_current { Standing::Wanted } else { Standing::Superseded })
    }

    /// Runs of this kind that have yet to begin, the oldest first.
    pub async fn queued_models(&self, mode: Mode) -> Result<Vec<QueuedRun>> {
        let rows = sqlx::query(
            "SELECT m.id, m.created_at, p.owner_id FROM models m JOIN projects p ON p.id = m.project_id
             WHERE m.status = 'queued' AND m.mode = $1 ORDER BY m.id",
        )
        .bind(mode.as_str())
        .fetch_all(self.database.read())
        .await?;
        rows.iter()
            .map(|row| {
                let (id, owner) = (row.parsed("id")?, row.parsed("owner_id")?);
                Ok(QueuedRun { id, owner, since: row.time("created_at")? })
            })
            .collect()
    }

    /// Whether a draft of the project is queued or learning.
    pub async fn is_drafting(&self, project: ProjectId) -> Result<bool> {
        let row = sqlx::query(
            "SELECT id FROM models WHERE project_id = $1 AND version < 0 AND status IN ('queued', 'running')",
        )
        .bind(project.to_string())
        .fetch_optional(self.database.read())
        .await?;
        Ok(row.is_some())
    }

    /// Runs that are queued or running, the oldest first.
    pub async fn unfinished_models(&self) -> Result<Vec<(ModelId, Mode)>> {
        let rows = sqlx::query("SELECT id, mode FROM models WHERE status IN ('queued', 'running') ORDER BY id")
            .fetch_all(self.database.read())
            .await?;
        rows.iter().map(|row| Ok((row.parsed("id")?, row.known("mode", Mode::parse)?))).collect()
    }
}
