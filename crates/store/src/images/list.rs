//! Finding images.

use super::{SELECT_IMAGES, image};
use crate::{
    Store,
    cursor::{Cursor, page, page_size},
    error::{Result, StoreError},
    ids::ContentHash,
    row::Columns,
    text::contains_pattern,
};
use dto::{
    ImageId, Page, ProjectId, UserId,
    image::{Image, ImageQuery},
    limits::PAGE_DEFAULT,
};
use sqlx::AssertSqlSafe;

/// Where an image's bytes are, and what they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFile {
    pub content_hash: ContentHash,
    /// As it was given when the image was added.
    pub format: String,
    pub file_name: String,
}

impl Store {
    /// The project's images, the newest first.
    pub async fn images(&self, owner: UserId, project: ProjectId, query: &ImageQuery) -> Result<Page<Image>> {
        self.check_project(owner, project).await?;
        let limit = page_size(query.limit.unwrap_or(PAGE_DEFAULT));
        let before = Cursor::id(query.cursor.as_deref())?;

        let mut sql = format!("{SELECT_IMAGES} WHERE i.project_id = $3 AND i.deleted_at IS NULL AND i.id < $4");
        let mut last = 5;
        if query.label.is_some() {
            last += 1;
            sql.push_str(&format!(" AND i.label_id = ${last}"));
        }
        match query.unlabelled {
            Some(true) => sql.push_str(" AND i.label_id IS NULL"),
            Some(false) => sql.push_str(" AND i.label_id IS NOT NULL"),
            None => {}
        }
        if query.q.is_some() {
            last += 1;
            sql.push_str(&format!(r" AND i.file_name_key LIKE ${last} ESCAPE '\'"));
        }
        sql.push_str(" ORDER BY i.id DESC LIMIT $5");

        let default = self.default_embedding();
        // One text for each combination of filters: few enough to stay prepared.
        let mut statement = sqlx::query(AssertSqlSafe(sql))
            .bind(default.weights_sha256)
            .bind(default.preprocessing)
            .bind(project.to_string())
            .bind(before.to_string())
            .bind(i64::from(limit) + 1);
        if let Some(label) = query.label {
            statement = statement.bind(label.to_string());
        }
        if let Some(q) = &query.q {
            statement = statement.bind(contains_pattern(q));
        }
        let rows = statement.fetch_all(self.database.read()).await?;
        let images = rows.iter().map(image).collect::<Result<_>>()?;
        Ok(page(images, limit, |last: &Image| Cursor::Id(last.id.0)))
    }

    /// One image, unless it is deleted.
    pub async fn image(&self, owner: UserId, id: ImageId) -> Result<Image> {
        let default = self.default_embedding();
        let sql = format!(
            "{SELECT_IMAGES} JOIN projects p ON p.id = i.project_id
             WHERE i.id = $3 AND p.owner_id = $4 AND i.deleted_at IS NULL"
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(default.weights_sha256)
            .bind(default.preprocessing)
            .bind(id.to_string())
            .bind(owner.to_string())
            .fetch_optional(self.database.read())
            .await?;
        image(&row.ok_or(StoreError::NotFound("image"))?)
    }

    /// Whether a project has an image of these bytes, unless it is deleted.
    pub(crate) async fn has_image(&self, project: ProjectId, hash: ContentHash) -> Result<bool> {
        let row =
            sqlx::query("SELECT id FROM images WHERE project_id = $1 AND content_hash = $2 AND deleted_at IS NULL")
                .bind(project.to_string())
                .bind(hash.to_string())
                .fetch_optional(self.database.read())
                .await?;
        Ok(row.is_some())
    }

    /// The project that an image is in.
    pub async fn project_of_image(&self, owner: UserId, id: ImageId) -> Result<ProjectId> {
        let row = sqlx::query(
            "SELECT i.project_id FROM images i JOIN projects p ON p.id = i.project_id
             WHERE i.id = $1 AND p.owner_id = $2 AND i.deleted_at IS NULL",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?;
        row.ok_or(StoreError::NotFound("image"))?.parsed("project_id")
    }

    /// Where an image's bytes are, unless it is deleted.
    pub async fn image_file(&self, owner: UserId, id: ImageId) -> Result<ImageFile> {
        let row = sqlx::query(
            "SELECT i.content_hash, i.format, i.file_name FROM images i JOIN projects p ON p.id = i.project_id
             WHERE i.id = $1 AND p.owner_id = $2 AND i.deleted_at IS NULL",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?
        .ok_or(StoreError::NotFound("image"))?;
        Ok(ImageFile {
            content_hash: row.parsed("content_hash")?,
            format: row.text("format")?,
            file_name: row.text("file_name")?,
        })
    }
}
