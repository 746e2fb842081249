//! Access tokens: what scripts may do for a user.

use crate::{
    Store,
    clock::now,
    database::Write,
    error::{Result, StoreError},
    row::Columns,
    sessions::check_session,
    text::compose,
    users::lock_user,
};
use dto::{
    ProjectId, Timestamp, TokenId, UserId,
    access::{AccessToken, Scope},
    limits::ACCESS_TOKENS_PER_USER,
};
use sqlx::any::AnyRow;
use uuid::Uuid;

/// How long a token that has ended is remembered, so that its script is told why it is refused.
const REMEMBERED_MILLIS: i64 = 30 * 24 * 3600 * 1000;

/// An access token that is about to be given out.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    pub id: TokenId,
    /// The token of the log-in that asks for it.
    pub session: Uuid,
    pub name: &'a str,
    pub scopes: &'a [Scope],
    /// `None` for all projects of the user.
    pub project: Option<ProjectId>,
    /// `None` for never.
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// Remembers an access token.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for another user's project, and for a log-in that has been ended meanwhile;
    /// [`StoreError::TooMany`] if the user has [`ACCESS_TOKENS_PER_USER`].
    pub async fn create_access_token(&self, owner: UserId, new: &NewToken<'_>) -> Result<AccessToken> {
        let created_at = now();
        let mut write = self.database.write().await?;
        lock_user(&mut write, owner).await?;
        check_session(&mut write, owner, new.session).await?;
        if let Some(project) = new.project {
            crate::projects::lock_project(&mut write, owner, project).await?;
        }
        forget_ended(&mut write, owner, created_at).await?;
        let usable: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM access_tokens
             WHERE user_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)",
        )
        .bind(owner.to_string())
        .bind(created_at.millis())
        .fetch_one(&mut *write)
        .await?;
        if usable >= ACCESS_TOKENS_PER_USER as i64 {
            return Err(StoreError::TooMany { what: "access tokens", limit: ACCESS_TOKENS_PER_USER as u64 });
        }
        let name = compose(new.name);
        let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
        sqlx::query(
            "INSERT INTO access_tokens (id, user_id, project_id, name, scopes, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(new.id.to_string())
        .bind(owner.to_string())
        .bind(new.project.map(|project| project.to_string()))
        .bind(&name)
        .bind(scopes.join(" "))
        .bind(created_at.millis())
        .bind(new.expires_at.map(Timestamp::millis))
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        Ok(AccessToken {
            id: new.id,
            name,
            scopes: new.scopes.to_vec(),
            project_id: new.project,
            created_at,
            expires_at: new.expires_at,
            last_used_at: None,
        })
    }

    /// The user's access tokens, the newest first: those that can be used, and those that have lately expired.
    pub async fn access_tokens(&self, owner: UserId) -> Result<Vec<AccessToken>> {
        let rows =
            sqlx::query("SELECT * FROM access_tokens WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id DESC")
                .bind(owner.to_string())
                .fetch_all(self.database.read())
                .await?;
        rows.iter().map(access_token).collect()
    }

    /// Revokes one of the user's access tokens.
    pub async fn revoke_access_token(&self, owner: UserId, id: TokenId) -> Result<()> {
        let mut write = self.database.write().await?;
        let revoked = sqlx::query(
            "UPDATE access_tokens SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL",
        )
        .bind(now().millis())
        .bind(id.to_string())
        .bind(owner.to_string())
        .execute(&mut *write)
        .await?;
        if revoked.rows_affected() == 0 {
            return Err(StoreError::NotFound("access token"));
        }
        write.commit().await
    }
}

/// Revokes all of the user's access tokens.
pub(crate) async fn revoke_access_tokens(write: &mut Write, user: UserId) -> Result<()> {
    sqlx::query("UPDATE access_tokens SET revoked_at = $1 WHERE user_id = $2 AND revoked_at IS NULL")
        .bind(now().millis())
        .bind(user.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn forget_ended(write: &mut Write, user: UserId, now: Timestamp) -> Result<()> {
    sqlx::query("DELETE FROM access_tokens WHERE user_id = $1 AND (revoked_at < $2 OR expires_at < $2)")
        .bind(user.to_string())
        .bind(now.millis() - REMEMBERED_MILLIS)
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// Reads scopes as they are kept.
pub(crate) fn scopes(text: &str) -> Option<Vec<Scope>> {
    text.split_whitespace().map(Scope::parse).collect()
}

fn access_token(row: &AnyRow) -> Result<AccessToken> {
    Ok(AccessToken {
        id: row.parsed("id")?,
        name: row.text("name")?,
        scopes: row.known("scopes", scopes)?,
        project_id: row.optional_parsed("project_id")?,
        created_at: row.time("created_at")?,
        expires_at: row.optional_time("expires_at")?,
        last_used_at: row.optional_time("last_used_at")?,
    })
}
