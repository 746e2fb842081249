//! The images of a project with their embeddings, to be compared with one another or asked a model about.

use crate::{Store, embeddings::from_bytes, error::Result, row::Columns, store::EmbeddingKey};
use dto::{ProjectId, UserId, likeness::LikeImage};
use sqlx::Row;

/// Images and their embeddings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EmbeddedImages {
    /// The oldest first.
    pub images: Vec<LikeImage>,
    /// As many numbers per image as the backbone has features, image by image.
    pub embeddings: Vec<f32>,
    /// Images that have no embedding yet.
    pub pending: u64,
}

impl Store {
    /// The project's images with their embeddings of these weights and this preprocessing; with `unlabelled`, only images
    /// without a label. Images that can't be read are left out.
    pub async fn embedded_images(
        &self,
        owner: UserId,
        project: ProjectId,
        weights_sha256: &str,
        preprocessing: &str,
        unlabelled: bool,
    ) -> Result<EmbeddedImages> {
        self.check_project(owner, project).await?;
        let key = EmbeddingKey::new(weights_sha256, preprocessing);
        let rows = sqlx::query(
            "SELECT i.id, i.file_name, i.label_id, e.vector, e.problem FROM images i
             LEFT JOIN embeddings e
                 ON e.content_hash = i.content_hash AND e.weights_sha256 = $2 AND e.preprocessing = $3
             WHERE i.project_id = $1 AND i.deleted_at IS NULL AND ($4 = 0 OR i.label_id IS NULL)
             ORDER BY i.id",
        )
        .bind(project.to_string())
        .bind(&key.weights_sha256)
        .bind(&key.preprocessing)
        .bind(i64::from(unlabelled))
        .fetch_all(self.database.read())
        .await?;
        let mut found = EmbeddedImages::default();
        for row in &rows {
            match row.try_get::<Option<Vec<u8>>, _>("vector")? {
                Some(vector) => {
                    found.embeddings.extend(from_bytes(&vector)?);
                    found.images.push(LikeImage {
                        image_id: row.parsed("id")?,
                        file_name: row.text("file_name")?,
                        label_id: row.optional_parsed("label_id")?,
                    });
                }
                None if row.optional_text("problem")?.is_some() => {}
                None => found.pending += 1,
            }
        }
        Ok(found)
    }
}
