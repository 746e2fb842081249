//! Labels. Their positions are always 0, 1, 2… without gaps.

use crate::{
    Store,
    clock::now,
    database::Write,
    error::{Result, StoreError, is_unique_violation},
    ids::new_id,
    projects::lock_project,
    row::Columns,
    text::{compose, without_nul},
};
use dto::{
    LabelId, ProjectId, UserId,
    label::{Label, LabelChange, PALETTE},
    limits::LABELS_PER_PROJECT,
};
use sqlx::any::AnyRow;

impl Store {
    /// The project's labels in their order, with how many images each has.
    pub async fn labels(&self, owner: UserId, project: ProjectId) -> Result<Vec<Label>> {
        self.check_project(owner, project).await?;
        let rows = sqlx::query(
            "SELECT l.id, l.name, l.color, l.position, COALESCE(c.image_count, 0) AS image_count
             FROM labels l
             LEFT JOIN (
                 SELECT label_id, COUNT(*) AS image_count FROM images
                 WHERE project_id = $1 AND deleted_at IS NULL AND label_id IS NOT NULL GROUP BY label_id
             ) c ON c.label_id = l.id
             WHERE l.project_id = $1 ORDER BY l.position",
        )
        .bind(project.to_string())
        .fetch_all(self.database.read())
        .await?;
        rows.iter().map(label).collect()
    }

    /// Adds a label at the end, of the given colour or else of the palette's first that no label has.
    ///
    /// # Errors
    /// [`StoreError::LabelExists`], or [`StoreError::TooMany`] beyond [`LABELS_PER_PROJECT`].
    pub async fn create_label(
        &self,
        owner: UserId,
        project: ProjectId,
        name: &str,
        color: Option<&str>,
    ) -> Result<Label> {
        let mut write = self.database.write().await?;
        lock_project(&mut write, owner, project).await?;
        let label = insert_label(&mut write, project, name, color).await?;
        write.commit().await?;
        Ok(label)
    }

    /// The project that a label is of.
    pub async fn project_of_label(&self, owner: UserId, id: LabelId) -> Result<ProjectId> {
        let row = sqlx::query(
            "SELECT l.project_id FROM labels l JOIN projects p ON p.id = l.project_id WHERE l.id = $1 AND p.owner_id = $2",
        )
        .bind(id.to_string())
        .bind(owner.to_string())
        .fetch_optional(self.database.read())
        .await?;
        row.ok_or(StoreError::NotFound("label"))?.parsed("project_id")
    }

    /// Renames, recolours or moves a label.
    ///
    /// # Errors
    /// [`StoreError::LabelExists`] if another label of the project has the new name.
    pub async fn change_label(&self, owner: UserId, id: LabelId, change: &LabelChange) -> Result<Label> {
        let mut write = self.database.write().await?;
        let project = lock_project_of(&mut write, owner, id).await?;
        if let Some(name) = &change.name {
            sqlx::query("UPDATE labels SET name = $1 WHERE id = $2")
                .bind(compose(name))
                .bind(id.to_string())
                .execute(&mut *write)
                .await
                .map_err(exists)?;
        }
        if let Some(color) = &change.color {
            sqlx::query("UPDATE labels SET color = $1 WHERE id = $2")
                .bind(without_nul(color))
                .bind(id.to_string())
                .execute(&mut *write)
                .await?;
        }
        if let Some(position) = change.position {
            move_label(&mut write, project, id, position).await?;
        }
        let row = sqlx::query(
            "SELECT l.id, l.name, l.color, l.position,
                 (SELECT COUNT(*) FROM images i
                  WHERE i.project_id = l.project_id AND i.label_id = l.id AND i.deleted_at IS NULL) AS image_count
             FROM labels l WHERE l.id = $1",
        )
        .bind(id.to_string())
        .fetch_one(&mut *write)
        .await?;
        write.commit().await?;
        label(&row)
    }

    /// Deletes a label; its images become unlabelled.
    pub async fn delete_label(&self, owner: UserId, id: LabelId) -> Result<()> {
        let mut write = self.database.write().await?;
        let project = lock_project_of(&mut write, owner, id).await?;
        // Closing the gap first, while the label's position is still there to compare with.
        sqlx::query(
            "UPDATE labels SET position = position - 1
             WHERE project_id = $1 AND position > (SELECT position FROM labels WHERE id = $2)",
        )
        .bind(project.to_string())
        .bind(id.to_string())
        .execute(&mut *write)
        .await?;
        sqlx::query("DELETE FROM labels WHERE id = $1").bind(id.to_string()).execute(&mut *write).await?;
        write.commit().await
    }
}

/// The identifier of the project's label of exactly this name, made if there is none. The project has to be locked.
pub(crate) async fn label_of_name(write: &mut Write, project: ProjectId, name: &str) -> Result<LabelId> {
    let row = sqlx::query("SELECT id FROM labels WHERE project_id = $1 AND name = $2")
        .bind(project.to_string())
        .bind(compose(name))
        .fetch_optional(&mut **write)
        .await?;
    match row {
        Some(row) => row.parsed("id"),
        None => Ok(insert_label(write, project, name, None).await?.id),
    }
}

/// Adds a label at the end. The project has to be locked.
async fn insert_label(write: &mut Write, project: ProjectId, name: &str, color: Option<&str>) -> Result<Label> {
    let rows = sqlx::query("SELECT color FROM labels WHERE project_id = $1")
        .bind(project.to_string())
        .fetch_all(&mut **write)
        .await?;
    if rows.len() >= LABELS_PER_PROJECT {
        return Err(StoreError::TooMany { what: "labels", limit: LABELS_PER_PROJECT as u64 });
    }
    let used = rows.iter().map(|row| row.text("color")).collect::<Result<Vec<_>>>()?;
    let color = color.unwrap_or_else(|| next_color(&used));
    let label = Label {
        id: LabelId(new_id()),
        name: compose(name),
        color: without_nul(color),
        position: rows.len() as u32,
        image_count: 0,
    };
    sqlx::query(
        "INSERT INTO labels (id, project_id, name, color, position, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(label.id.to_string())
    .bind(project.to_string())
    .bind(&label.name)
    .bind(&label.color)
    .bind(i64::from(label.position))
    .bind(now().millis())
    .execute(&mut **write)
    .await
    .map_err(exists)?;
    Ok(label)
}

/// The palette's first colour that is not used, or once all are, the next in turn.
fn next_color(used: &[String]) -> &'static str {
    let free = PALETTE.iter().find(|color| !used.iter().any(|used| used.eq_ignore_ascii_case(color)));
    free.unwrap_or(&PALETTE[used.len() % PALETTE.len()])
}

/// Puts a label at a position, or at the end if that is past it, and shifts those between.
async fn move_label(write: &mut Write, project: ProjectId, id: LabelId, position: u32) -> Result<()> {
    let row = sqlx::query(
        "SELECT position, (SELECT COUNT(*) FROM labels WHERE project_id = $1) AS labels FROM labels WHERE id = $2",
    )
    .bind(project.to_string())
    .bind(id.to_string())
    .fetch_one(&mut **write)
    .await?;
    let from = row.integer("position")?;
    let to = i64::from(position).min(row.integer("labels")? - 1);
    let (first, last, step) = if to < from { (to, from - 1, 1) } else { (from + 1, to, -1) };
    sqlx::query("UPDATE labels SET position = position + $1 WHERE project_id = $2 AND position BETWEEN $3 AND $4")
        .bind(step as i64)
        .bind(project.to_string())
        .bind(first)
        .bind(last)
        .execute(&mut **write)
        .await?;
    sqlx::query("UPDATE labels SET position = $1 WHERE id = $2")
        .bind(to)
        .bind(id.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// Locks the project of a label that is the user's.
async fn lock_project_of(write: &mut Write, owner: UserId, id: LabelId) -> Result<ProjectId> {
    let find = async |write: &mut Write| -> Result<ProjectId> {
        let row = sqlx::query("SELECT project_id FROM labels WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut **write)
            .await?;
        row.ok_or(StoreError::NotFound("label"))?.parsed("project_id")
    };
    let project = find(write).await?;
    lock_project(write, owner, project).await.map_err(|error| match error {
        StoreError::NotFound(_) => StoreError::NotFound("label"),
        other => other,
    })?;
    // Once more, because it may have been deleted while this waited for the lock.
    find(write).await
}

fn exists(error: sqlx::Error) -> StoreError {
    if is_unique_violation(&error) { StoreError::LabelExists } else { error.into() }
}

fn label(row: &AnyRow) -> Result<Label> {
    Ok(Label {
        id: row.parsed("id")?,
        name: row.text("name")?,
        color: row.text("color")?,
        position: row.count("position")?,
        image_count: row.count("image_count")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_in_turn() {
        assert_eq!(next_color(&[]), PALETTE[0]);
        assert_eq!(next_color(&[PALETTE[0].to_uppercase(), PALETTE[2].into()]), PALETTE[1]);
        let all: Vec<String> = PALETTE.iter().map(|color| color.to_string()).collect();
        assert_eq!(next_color(&all), PALETTE[0]);
    }
}
