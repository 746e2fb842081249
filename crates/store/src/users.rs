//! Users.

use crate::{
    Store,
    access_tokens::revoke_access_tokens,
    clock::now,
    database::Write,
    error::{Result, StoreError, is_unique_violation},
    ids::new_id,
    projects::insert_project,
    row::Columns,
    sessions::end_sessions,
    text::{fold, without_nul},
};
use dto::{Timestamp, UserId, auth::User};
use sqlx::any::AnyRow;
use uuid::Uuid;

/// What a user logs in with.
#[derive(Clone, Debug, PartialEq)]
pub struct Credentials {
    pub user: User,
    pub password_hash: String,
    /// Whether an operator has shut the account.
    pub disabled: bool,
}

/// A user as an operator sees one.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub user: User,
    pub disabled_at: Option<Timestamp>,
    /// When one of the log-ins that are remembered was last used.
    pub last_seen_at: Option<Timestamp>,
    pub projects: u64,
    pub images: u64,
}

/// What user names are compared by: two of one key are one user's.
pub fn username_key(username: &str) -> String {
    fold(username.trim())
}

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
        .bind(username_key(username))
        .bind(password_hash)
        .bind(user.created_at.millis())
        .execute(&mut *write)
        .await
        .map_err(|error| if is_unique_violation(&error) { StoreError::UsernameTaken } else { error.into() })?;
        insert_project(&mut write, user.id, first_project).await?;
        write.commit().await?;
        Ok(user)
    }

    /// What the user of that name, in whatever case, logs in with.
    pub async fn credentials(&self, username: &str) -> Result<Option<Credentials>> {
        let row = sqlx::query(
            "SELECT id, username, created_at, password_hash, disabled_at FROM users WHERE username_key = $1",
        )
        .bind(username_key(username))
        .fetch_optional(self.database.read())
        .await?;
        let credentials = |row: AnyRow| {
            Ok(Credentials {
                user: user(&row)?,
                password_hash: row.text("password_hash")?,
                disabled: row.optional_time("disabled_at")?.is_some(),
            })
        };
        row.map(credentials).transpose()
    }

    /// Keeps the hash of a new password, and ends every log-in but `kept`: whoever knew the old one is out. Access tokens
    /// stay unless asked for.
    pub async fn change_password(
        &self,
        id: UserId,
        password_hash: &str,
        kept: Option<Uuid>,
        end_access_tokens: bool,
    ) -> Result<()> {
        let mut write = self.database.write().await?;
        let changed = sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2")
            .bind(password_hash)
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::NotFound("user"));
        }
        end_sessions(&mut write, id, kept).await?;
        if end_access_tokens {
            revoke_access_tokens(&mut write, id).await?;
        }
        write.commit().await
    }

    /// All users, in order of their names.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let rows = sqlx::query(
            "SELECT u.id, u.username, u.created_at, u.disabled_at,
                    (SELECT COUNT(*) FROM projects p WHERE p.owner_id = u.id) AS projects,
                    (SELECT COUNT(*) FROM images i JOIN projects p ON p.id = i.project_id
                     WHERE p.owner_id = u.id AND i.deleted_at IS NULL) AS images,
                    (SELECT MAX(COALESCE(s.last_used_at, s.created_at)) FROM sessions s WHERE s.user_id = u.id) AS last_seen_at
             FROM users u ORDER BY u.username_key",
        )
        .fetch_all(self.database.read())
        .await?;
        let account = |row: &AnyRow| {
            Ok(Account {
                user: user(row)?,
                disabled_at: row.optional_time("disabled_at")?,
                last_seen_at: row.optional_time("last_seen_at")?,
                projects: row.count("projects")?,
                images: row.count("images")?,
            })
        };
        rows.iter().map(account).collect()
    }

    /// Shuts an account: nobody can log in to it, and its log-ins and access tokens end at once.
    pub async fn disable_user(&self, id: UserId) -> Result<()> {
        let mut write = self.database.write().await?;
        lock_user(&mut write, id).await?;
        sqlx::query("UPDATE users SET disabled_at = $1 WHERE id = $2 AND disabled_at IS NULL")
            .bind(now().millis())
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
        end_sessions(&mut write, id, None).await?;
        revoke_access_tokens(&mut write, id).await?;
        write.commit().await
    }

    /// Opens an account again; whoever has its password can log in.
    pub async fn enable_user(&self, id: UserId) -> Result<()> {
        let mut write = self.database.write().await?;
        lock_user(&mut write, id).await?;
        sqlx::query("UPDATE users SET disabled_at = NULL WHERE id = $1")
            .bind(id.to_string())
            .execute(&mut *write)
            .await?;
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
