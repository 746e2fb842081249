//! Adding images.

use super::{SELECT_IMAGES, image};
use crate::{
    Store,
    clock::now,
    database::{CHUNK, Write, one_off, placeholders, rows_of_placeholders},
    embeddings::forget_problems,
    error::{Result, StoreError},
    ids::{ContentHash, new_id},
    labels::label_of_name,
    projects::lock_project,
    row::Columns,
    store::EmbeddingKey,
    sweep::spare,
    text::{fold, without_nul},
    users::lock_user,
};
use dto::{
    ImageId, LabelId, ProjectId, UserId,
    image::{Image, Source},
};
use std::collections::HashMap;

/// A picture whose bytes are stored as a blob already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImage {
    pub file_name: String,
    pub content_hash: ContentHash,
    /// What [`crate::ImageFile::format`] is to say.
    pub format: String,
    /// In pixels, upright.
    pub width: u32,
    /// In pixels, upright.
    pub height: u32,
    /// Of the file.
    pub bytes: u64,
}

/// What became of a [`NewImage`].
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    pub image: Image,
    /// The project had the same bytes already; `image` is that one.
    pub duplicate: bool,
    /// For a duplicate that keeps a label other than the request's: the label that it keeps.
    pub kept_label_id: Option<LabelId>,
}

/// An image of the project, as far as adding the same bytes again needs it.
#[derive(Clone, Copy)]
struct Existing {
    id: ImageId,
    label: Option<LabelId>,
}

impl Store {
    /// Adds images to a project, in order, all or none. `label` is a label's exact name; it is made if the project
    /// has none of that name. The same bytes twice in a project, or in `files`, are one image.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if the user would have more than they may, or too many labels.
    pub async fn add_images(
        &self,
        owner: UserId,
        project: ProjectId,
        label: Option<&str>,
        source: Source,
        files: &[NewImage],
    ) -> Result<Vec<Added>> {
        let mut write = self.database.write().await?;
        let added = self.add_in(&mut write, owner, project, label, source, files).await?;
        write.commit().await?;
        Ok(added)
    }

    pub(crate) async fn add_in(
        &self,
        write: &mut Write,
        owner: UserId,
        project: ProjectId,
        label: Option<&str>,
        source: Source,
        files: &[NewImage],
    ) -> Result<Vec<Added>> {
        lock_user(write, owner).await?;
        lock_project(write, owner, project).await?;
        let label = match label {
            Some(name) => Some(label_of_name(write, project, name).await?),
            None => None,
        };
        spare(self, write, &files.iter().map(|file| file.content_hash).collect()).await?;
        mend(write, files).await?;
        forget_deleted(write, project, files).await?;
        let mut existing = find_existing(write, project, files).await?;

        let mut new = Vec::new();
        let mut labelled = Vec::new();
        let mut outcomes = Vec::with_capacity(files.len());
        for file in files {
            let duplicate = existing.contains_key(&file.content_hash);
            let entry = existing.entry(file.content_hash).or_insert_with(|| {
                let id = ImageId(new_id());
                new.push((id, file));
                Existing { id, label }
            });
            if duplicate && entry.label.is_none() && label.is_some() {
                entry.label = label;
                labelled.push(entry.id);
            }
            let kept = entry.label.filter(|kept| duplicate && label.is_some_and(|label| label != *kept));
            outcomes.push((entry.id, duplicate, kept));
        }

        insert(write, project, label, source, &new).await?;
        if !new.is_empty() {
            self.check_room(write, owner).await?;
        }
        set_labels(write, &labelled, label).await?;
        let ids: Vec<_> = outcomes.iter().map(|(id, ..)| *id).collect();
        let images = fetch(write, &ids, &self.default_embedding()).await?;

        outcomes
            .into_iter()
            .map(|(id, duplicate, kept_label_id)| {
                let image = images.get(&id).cloned().ok_or(StoreError::NotFound("image"))?;
                Ok(Added { image, duplicate, kept_label_id })
            })
            .collect()
    }
}

/// The files are there again of images that had lost theirs, whether or not anybody had noticed.
async fn mend(write: &mut Write, files: &[NewImage]) -> Result<()> {
    for chunk in files.chunks(CHUNK) {
        let list = placeholders(1..1 + chunk.len());
        let mut update = one_off(format!(
            "UPDATE images SET damaged_at = NULL WHERE damaged_at IS NOT NULL AND content_hash IN {list}"
        ));
        for file in chunk {
            update = update.bind(file.content_hash.to_string());
        }
        update.execute(&mut **write).await?;
    }
    let hashes: Vec<_> = files.iter().map(|file| file.content_hash).collect();
    forget_problems(write, &hashes).await
}

/// Deleted images of the same bytes make room for new ones.
async fn forget_deleted(write: &mut Write, project: ProjectId, files: &[NewImage]) -> Result<()> {
    for chunk in files.chunks(CHUNK) {
        let list = placeholders(2..2 + chunk.len());
        let sql =
            format!("DELETE FROM images WHERE project_id = $1 AND deleted_at IS NOT NULL AND content_hash IN {list}");
        let mut delete = one_off(sql).bind(project.to_string());
        for file in chunk {
            delete = delete.bind(file.content_hash.to_string());
        }
        delete.execute(&mut **write).await?;
    }
    Ok(())
}

async fn find_existing(
    write: &mut Write,
    project: ProjectId,
    files: &[NewImage],
) -> Result<HashMap<ContentHash, Existing>> {
    let mut existing = HashMap::with_capacity(files.len());
    for chunk in files.chunks(CHUNK) {
        let list = placeholders(2..2 + chunk.len());
        let sql =
            format!("SELECT id, label_id, content_hash FROM images WHERE project_id = $1 AND content_hash IN {list}");
        let mut select = one_off(sql).bind(project.to_string());
        for file in chunk {
            select = select.bind(file.content_hash.to_string());
        }
        for row in select.fetch_all(&mut **write).await? {
            let image = Existing { id: row.parsed("id")?, label: row.optional_parsed("label_id")? };
            existing.insert(row.parsed("content_hash")?, image);
        }
    }
    Ok(existing)
}

async fn insert(
    write: &mut Write,
    project: ProjectId,
    label: Option<LabelId>,
    source: Source,
    new: &[(ImageId, &NewImage)],
) -> Result<()> {
    const COLUMNS: usize = 12;
    let created_at = now().millis();
    for chunk in new.chunks(CHUNK) {
        let rows = rows_of_placeholders(chunk.len(), COLUMNS);
        let mut insert = one_off(format!(
            "INSERT INTO images (id, project_id, label_id, file_name, file_name_key, content_hash, format, width,
                 height, bytes, source, created_at)
             VALUES {rows}"
        ));
        for (id, file) in chunk {
            insert = insert
                .bind(id.to_string())
                .bind(project.to_string())
                .bind(label.map(|label| label.to_string()))
                .bind(without_nul(&file.file_name))
                .bind(fold(&file.file_name))
                .bind(file.content_hash.to_string())
                .bind(&file.format)
                .bind(i64::from(file.width))
                .bind(i64::from(file.height))
                .bind(file.bytes as i64)
                .bind(source.as_str())
                .bind(created_at);
        }
        insert.execute(&mut **write).await?;
    }
    Ok(())
}

async fn set_labels(write: &mut Write, ids: &[ImageId], label: Option<LabelId>) -> Result<()> {
    for chunk in ids.chunks(CHUNK) {
        let list = placeholders(2..2 + chunk.len());
        let mut update = one_off(format!("UPDATE images SET label_id = $1 WHERE id IN {list}"))
            .bind(label.map(|label| label.to_string()));
        for id in chunk {
            update = update.bind(id.to_string());
        }
        update.execute(&mut **write).await?;
    }
    Ok(())
}

async fn fetch(write: &mut Write, ids: &[ImageId], default: &EmbeddingKey) -> Result<HashMap<ImageId, Image>> {
    let mut images = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let list = placeholders(3..3 + chunk.len());
        let mut select = one_off(format!("{SELECT_IMAGES} WHERE i.id IN {list}"))
            .bind(&default.weights_sha256)
            .bind(&default.preprocessing);
        for id in chunk {
            select = select.bind(id.to_string());
        }
        for row in select.fetch_all(&mut **write).await? {
            let image = image(&row)?;
            images.insert(image.id, image);
        }
    }
    Ok(images)
}
