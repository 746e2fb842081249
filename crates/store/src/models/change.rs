//! Renaming and deleting models.

use crate::{
    Store,
    blobs::{backbone_key, card_key, checkpoint_key, model_key},
    database::Write,
    error::{Result, StoreError},
    text::compose,
};
use dto::{ModelId, UserId, model::Model};

impl Store {
    /// Renames a model.
    pub async fn rename_model(&self, owner: UserId, id: ModelId, name: &str) -> Result<Model> {
        let mut write = self.database.write().await?;
        check_model(&mut write, owner, id).await?;
        sqlx::query("UPDATE models SET name = $1 WHERE id = $2")
            .bind(compose(name))
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        write.commit().await?;
        self.model(owner, id).await
    }

    /// Deletes a model with its epochs, results and files. One that is under way notices and stops; a project that had chosen
    /// it predicts with the newest that is ready. Its version number is not given out again.
    pub async fn delete_model(&self, owner: UserId, id: ModelId) -> Result<()> {
        let mut write = self.database.write().await?;
        check_model(&mut write, owner, id).await?;
        sqlx::query("DELETE FROM models WHERE id = $1").bind(id.to_string()).execute(&mut *write).await?;
        write.commit().await?;
        // Rows first: what points at a file is gone before the file is.
        self.delete_model_files(id).await
    }

    pub(super) async fn delete_model_files(&self, id: ModelId) -> Result<()> {
        for key in [model_key(id), backbone_key(id), checkpoint_key(id), card_key(id)] {
            self.blobs().delete(&key).await?;
        }
        Ok(())
    }
}

async fn check_model(write: &mut Write, owner: UserId, id: ModelId) -> Result<()> {
    let row = sqlx::query(
        "SELECT m.id FROM models m JOIN projects p ON p.id = m.project_id WHERE m.id = $1 AND p.owner_id = $2",
    )
    .bind(id.to_string())
    .bind(owner.to_string())
    .fetch_optional(&mut **write)
    .await?;
    row.map(drop).ok_or(StoreError::NotFound("model"))
}
