//! Users.

use crate::{
    Store,
    clock::now,
    database::Write,
    error::{Result, StoreError, is_unique_violation},
    ids::new_id,
    projects::insert_project,
    row::Columns,
    sessions::revoke_other_sessions,
    text::{fold, without_nul},
};
use dto::{UserId, auth::User};
use sqlx::any::AnyRow;
use uuid::Uuid;

impl Store {
    /// Makes a user and their first project, both or neither.
    ///
    /// # Errors
    /// [`StoreError::UsernameTaken`] if someone has the name already, in whatever case.
    pub async fn create_user(&self, username: &str, password_hash: &str, first_project: &str) -> Result<User> {
        let user = User { id: UserId(new_id()), username: without_nul(username), created_at: now() };
        let mut write = self.database.write().await?;
        sqlx::query(
            "INSERT INTO users (id, username, username_key, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(user.id.to_string())
        .bind(&user.username)
        .bind(fold(username))
        .bind(password_hash)
        .bind(user.created_at.millis())
        .execute(&mut *write)
        .await
        .map_err(|error| if is_unique_violation(&error) { StoreError::UsernameTaken } else { error.into() })?;
        insert_project(&mut write, user.id, first_project).await?;
        write.commit().await?;
        Ok(user)
    }

    /// The user of that name, in whatever case, and the hash of their password.
    pub async fn credentials(&self, username: &str) -> Result<Option<(User, String)>> {
        let row = sqlx::query("SELECT id, username, created_at, password_hash FROM users WHERE username_key = $1")
            .bind(fold(username))
            .fetch_optional(self.database.read())
            .await?;
        row.map(|row| Ok((user(&row)?, row.text("password_hash")?))).transpose()
    }

    /// Keeps the hash of a new password, and ends every session but `kept`: whoever knew the old one is out.
    pub async fn change_password(&self, id: UserId, password_hash: &str, kept: Uuid) -> Result<()> {
        let mut write = self.database.write().await?;
        let changed = sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2")
            .bind(password_hash)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::NotFound("user"));
        }
        revoke_other_sessions(&mut write, id, kept).await?;
        write.commit().await
    }

    /// Deletes a user with everything that is theirs. Runs that are under way notice and stop.
    pub async fn delete_user(&self, id: UserId) -> Result<()> {
        let mut write = self.database.write().await?;
        let deleted = sqlx::query("DELETE FROM users WHERE id = $1").bind(id.to_string()).execute(&mut *write).await?;
        if deleted.rows_affected() == 0 {
            return Err(StoreError::NotFound("user"));
        }
        write.commit().await
    }
}

/// Reads `id`, `username` and `created_at`.
pub(crate) fn user(row: &AnyRow) -> Result<User> {
    Ok(User { id: row.parsed("id")?, username: row.text("username")?, created_at: row.time("created_at")? })
}

/// Keeps others from changing what counts towards the user's limits until the transaction ends.
pub(crate) async fn lock_user(write: &mut Write, user: UserId) -> Result<()> {
    // Both databases lock a row that is written, even if nothing about it changes.
    let locked = sqlx::query("UPDATE users SET username = username WHERE id = $1")
        .bind(user.to_string())
        .execute(&mut **write)
        .await?;
    if locked.rows_affected() == 0 { Err(StoreError::NotFound("user")) } else { Ok(()) }
}
