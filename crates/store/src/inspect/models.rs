//! The models that can predict.

use crate::{
    Store,
    error::{Result, StoreError},
    row::Columns,
};
use dto::{
    ModelId, Problem,
    model::{Mode, Status},
};
use sqlx::{Any, Executor};
use uuid::Uuid;

/// A ready model and where its files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptModel {
    pub id: ModelId,
    pub name: String,
    pub project: String,
    pub username: String,
    pub mode: Mode,
    pub file_key: String,
    /// `None` for models of earlier versions.
    pub file_sha256: Option<String>,
}

impl Store {
    /// How many models can predict.
    pub async fn ready_count(&self) -> Result<u64> {
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM models WHERE status = 'ready'")
            .fetch_one(self.database.read())
            .await?;
        Ok(count as u64)
    }

    /// Models that can predict, in order, from the one after `after`.
    pub async fn ready_models(&self, after: Option<ModelId>, limit: u32) -> Result<Vec<KeptModel>> {
        select_ready(self.database.read(), after, i64::from(limit)).await
    }

    /// Whether there is (still) such a model.
    pub async fn has_model(&self, id: ModelId) -> Result<bool> {
        let row = sqlx::query("SELECT id FROM models WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.database.read())
            .await?;
        Ok(row.is_some())
    }

    /// Whether a model can (still) predict, as far as its row says.
    pub async fn is_ready(&self, id: ModelId) -> Result<bool> {
        let row = sqlx::query("SELECT status FROM models WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.database.read())
            .await?;
        row.map_or(Ok(false), |row| Ok(row.known("status", Status::parse)? == Status::Ready))
    }

    /// Makes a ready model failed, because it can't predict any more.
    pub async fn break_model(&self, id: ModelId, problem: &Problem) -> Result<()> {
        let problem =
            serde_json::to_string(problem).map_err(|error| StoreError::Corrupt(format!("problem: {error}")))?;
        let mut write = self.database.write().await?;
        sqlx::query("UPDATE models SET status = 'failed', problem = $1 WHERE id = $2 AND status = 'ready'")
            .bind(problem)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        write.commit().await
    }
}

/// Models that can predict, in order, from the one after `after`.
pub(crate) async fn select_ready<'e>(
    database: impl Executor<'e, Database = Any>,
    after: Option<ModelId>,
    limit: i64,
) -> Result<Vec<KeptModel>> {
    let rows = sqlx::query(
        "SELECT m.id, m.name, m.mode, m.file_key, m.file_sha256, p.name AS project, u.username FROM models m
         JOIN projects p ON p.id = m.project_id JOIN users u ON u.id = p.owner_id
         WHERE m.status = 'ready' AND m.id > $1 ORDER BY m.id LIMIT $2",
    )
    .bind(after.map_or(Uuid::nil(), |id| id.0).to_string())
    .bind(limit)
    .fetch_all(database)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(KeptModel {
                id: row.parsed("id")?,
                name: row.text("name")?,
                project: row.text("project")?,
                username: row.text("username")?,
                mode: row.known("mode", Mode::parse)?,
                file_key: row.text("file_key")?,
                file_sha256: row.optional_text("file_sha256")?,
            })
        })
        .collect()
}
