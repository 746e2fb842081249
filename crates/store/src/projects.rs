//! Projects.

use crate::{
    Store,
    clock::now,
    cursor::{Cursor, page, page_size},
    database::Write,
    error::{Result, StoreError},
    ids::new_id,
    row::Columns,
    text::compose,
    users::lock_user,
};
use dto::{
    Page, ProjectId, UserId,
    model::Status,
    project::{Project, ProjectChange},
};
use sqlx::any::AnyRow;

/// A project with its counts; what follows is the condition on `p`. `active_model_id` is the one chosen, as long as it
/// is there and ready, else the newest that is.
macro_rules! select_projects {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.name, p.created_at, p.learns_as_labelled,
                (SELECT COUNT(*) FROM images i WHERE i.project_id = p.id AND i.deleted_at IS NULL) AS image_count,
                (SELECT COUNT(*) FROM images i
                 WHERE i.project_id = p.id AND i.deleted_at IS NULL AND i.label_id IS NULL) AS unlabelled_count,
                (SELECT COUNT(*) FROM labels l WHERE l.project_id = p.id) AS label_count,
                (SELECT m.id FROM models m WHERE m.project_id = p.id AND m.version > 0
                 ORDER BY m.version DESC LIMIT 1) AS latest_model_id,
                COALESCE(
                    (SELECT m.id FROM models m
                     WHERE m.id = p.active_model_id AND m.project_id = p.id AND m.status = 'ready'),
                    (SELECT m.id FROM models m WHERE m.project_id = p.id AND m.status = 'ready' AND m.version > 0
                     ORDER BY m.version DESC LIMIT 1)
                ) AS active_model_id,
                (SELECT m.finished_at FROM models m
                 WHERE m.project_id = p.id AND m.status = 'ready' AND m.version > 0
                 ORDER BY m.version DESC LIMIT 1) AS last_trained_at,
                (SELECT m.id FROM models m WHERE m.project_id = p.id AND m.status = 'ready' AND m.version < 0
                 ORDER BY m.version LIMIT 1) AS draft_model_id,
                (SELECT i.id FROM images i WHERE i.project_id = p.id AND i.deleted_at IS NULL
                 ORDER BY i.id DESC LIMIT 1) AS cover_image_id
             FROM projects p WHERE p.owner_id = $1 ",
            $rest
        )
    };
}

impl Store {
    /// The user's projects, the newest first.
    pub async fn projects(&self, owner: UserId, cursor: Option<&str>, limit: u32) -> Result<Page<Project>> {
        let limit = page_size(limit);
        let before = Cursor::id(cursor)?;
        let rows = sqlx::query(select_projects!("AND p.id < $2 ORDER BY p.id DESC LIMIT $3"))
            .bind(owner.to_string())
            .bind(before.to_string())
            .bind(i64::from(limit) + 1)
            .fetch_all(self.database.read())
            .await?;
        let projects = rows.iter().map(project).collect::<Result<_>>()?;
        Ok(page(projects, limit, |last: &Project| Cursor::Id(last.id.0)))
    }

    /// One project.
    pub async fn project(&self, owner: UserId, id: ProjectId) -> Result<Project> {
        let row = sqlx::query(select_projects!("AND p.id = $2"))
            .bind(owner.to_string())
            .bind(id.to_string())
            .fetch_optional(self.database.read())
            .await?;
        project(&row.ok_or(StoreError::NotFound("project"))?)
    }

    /// Makes an empty project.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if the user has as many as [`crate::Quotas`] allow.
    pub async fn create_project(&self, owner: UserId, name: &str) -> Result<Project> {
        let mut write = self.database.write().await?;
        lock_user(&mut write, owner).await?;
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM projects WHERE owner_id = $1")
            .bind(owner.to_string())
            .fetch_one(&mut *write)
            .await?;
        let limit = self.quotas().projects;
        if count as u64 >= limit {
            return Err(StoreError::TooMany { what: "projects", limit });
        }
        let id = insert_project(&mut write, owner, name).await?;
        write.commit().await?;
        self.project(owner, id).await
    }

    /// Renames a project, chooses the model that it predicts with, or whether it learns while somebody labels.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a model of another project, [`StoreError::NotReady`] for one that can't predict.
    pub async fn change_project(&self, owner: UserId, id: ProjectId, change: &ProjectChange) -> Result<Project> {
        let mut write = self.database.write().await?;
        lock_project(&mut write, owner, id).await?;
        if let Some(name) = &change.name {
            sqlx::query("UPDATE projects SET name = $1 WHERE id = $2")
                .bind(compose(name))
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        if let Some(learns) = change.learns_as_labelled {
            sqlx::query("UPDATE projects SET learns_as_labelled = $1 WHERE id = $2")
                .bind(i64::from(learns))
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        if let Some(model) = change.active_model_id {
            if let Some(model) = model {
                let row = sqlx::query("SELECT status FROM models WHERE id = $1 AND project_id = $2 AND version > 0")
                    .bind(model.to_string())
                    .bind(id.to_string())
                    .fetch_optional(&mut *write)
                    .await?;
                match row.ok_or(StoreError::NotFound("model"))?.known("status", Status::parse)? {
                    Status::Ready => {}
                    other => return Err(StoreError::NotReady(other)),
                }
            }
            sqlx::query("UPDATE projects SET active_model_id = $1 WHERE id = $2")
                .bind(model.map(|model| model.to_string()))
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        write.commit().await?;
        self.project(owner, id).await
    }

    /// Deletes a project with everything in it.
    pub async fn delete_project(&self, owner: UserId, id: ProjectId) -> Result<()> {
        let mut write = self.database.write().await?;
        let deleted = sqlx::query("DELETE FROM projects WHERE id = $1 AND owner_id = $2")
            .bind(id.to_string())
            .bind(owner.to_string())
            .execute(&mut *write)
            .await?;
        if deleted.rows_affected() == 0 {
            return Err(StoreError::NotFound("project"));
        }
        write.commit().await
    }

    /// Whether a project learns while somebody labels, and whose it is; `None` once it is gone.
    pub async fn learner(&self, id: ProjectId) -> Result<Option<UserId>> {
        let row = sqlx::query("SELECT owner_id FROM projects WHERE id = $1 AND learns_as_labelled = 1")
            .bind(id.to_string())
            .fetch_optional(self.database.read())
            .await?;
        row.map(|row| row.parsed("owner_id")).transpose()
    }

    /// Whose project it is; `None` once it is gone.
    pub async fn owner_of_project(&self, id: ProjectId) -> Result<Option<UserId>> {
        let row = sqlx::query("SELECT owner_id FROM projects WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(self.database.read())
            .await?;
        row.map(|row| row.parsed("owner_id")).transpose()
    }

    /// Checks, without counting what is in it, that the project is the user's.
    pub async fn check_project(&self, owner: UserId, id: ProjectId) -> Result<()> {
        let row = sqlx::query("SELECT id FROM projects WHERE id = $1 AND owner_id = $2")
            .bind(id.to_string())
            .bind(owner.to_string())
            .fetch_optional(self.database.read())
            .await?;
        row.map(drop).ok_or(StoreError::NotFound("project"))
    }
}

pub(crate) async fn insert_project(write: &mut Write, owner: UserId, name: &str) -> Result<ProjectId> {
    let id = ProjectId(new_id());
    sqlx::query("INSERT INTO projects (id, owner_id, name, created_at) VALUES ($1, $2, $3, $4)")
        .bind(id.to_string())
        .bind(owner.to_string())
        .bind(compose(name))
        .bind(now().millis())
        .execute(&mut **write)
        .await?;
    Ok(id)
}

/// Checks that the project is the user's, and keeps others from writing to what is in it until the transaction ends.
pub(crate) async fn lock_project(write: &mut Write, owner: UserId, id: ProjectId) -> Result<()> {
    // Both databases lock a row that is written, even if nothing about it changes.
    let locked = sqlx::query("UPDATE projects SET name = name WHERE id = $1 AND owner_id = $2")
        .bind(id.to_string())
        .bind(owner.to_string())
        .execute(&mut **write)
        .await?;
    if locked.rows_affected() == 0 { Err(StoreError::NotFound("project")) } else { Ok(()) }
}

fn project(row: &AnyRow) -> Result<Project> {
    let image_count: u64 = row.count("image_count")?;
    Ok(Project {
        id: row.parsed("id")?,
        name: row.text("name")?,
        created_at: row.time("created_at")?,
        image_count,
        labelled_count: image_count.saturating_sub(row.count("unlabelled_count")?),
        label_count: row.count("label_count")?,
        latest_model_id: row.optional_parsed("latest_model_id")?,
        active_model_id: row.optional_parsed("active_model_id")?,
        last_trained_at: row.optional_time("last_trained_at")?,
        cover_image_id: row.optional_parsed("cover_image_id")?,
        learns_as_labelled: row.flag("learns_as_labelled")?,
        draft_model_id: row.optional_parsed("draft_model_id")?,
    })
}
