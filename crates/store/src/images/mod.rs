//! Images: adding, listing, changing.

mod add;
mod change;
mod list;

pub use add::{Added, NewImage};
pub(crate) use change::RESTORABLE;
pub use list::ImageFile;

use crate::{
    database::Write,
    error::{Result, StoreError},
    projects::lock_project,
    row::Columns,
};
use dto::{
    ImageId, ProjectId, UserId,
    image::{Image, Source},
};
use sqlx::any::AnyRow;

/// The start of every query for [`image`]; `$1` and `$2` are the default embedding's weights and preprocessing.
pub(crate) const SELECT_IMAGES: &str = "SELECT i.id, i.file_name, i.width, i.height, i.bytes, i.label_id, i.source,
        i.created_at, CASE WHEN i.damaged_at IS NULL THEN 0 ELSE 1 END AS damaged,
        (SELECT COUNT(*) FROM embeddings e
         WHERE e.content_hash = i.content_hash AND e.weights_sha256 = $1 AND e.preprocessing = $2
         AND e.problem IS NULL) AS embedded
    FROM images i";

/// Reads what [`SELECT_IMAGES`] selects.
fn image(row: &AnyRow) -> Result<Image> {
    Ok(Image {
        id: row.parsed("id")?,
        file_name: row.text("file_name")?,
        width: row.count("width")?,
        height: row.count("height")?,
        bytes: row.count("bytes")?,
        label_id: row.optional_parsed("label_id")?,
        source: row.known("source", Source::parse)?,
        embedded: row.flag("embedded")?,
        damaged: row.flag("damaged")?,
        created_at: row.time("created_at")?,
    })
}

/// Locks the project of an image that is the user's, deleted or not.
async fn lock_project_of(write: &mut Write, owner: UserId, id: ImageId) -> Result<ProjectId> {
    let row = sqlx::query("SELECT project_id FROM images WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(&mut **write)
        .await?;
    let project = row.ok_or(StoreError::NotFound("image"))?.parsed("project_id")?;
    lock_project(write, owner, project).await.map_err(|error| match error {
        StoreError::NotFound(_) => StoreError::NotFound("image"),
        other => other,
    })?;
    Ok(project)
}
