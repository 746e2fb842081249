//! Sessions: tokens that have been given out and can be ended.

use crate::{Store, clock::now, database::Write, error::Result, row::Columns, users::user};
use dto::{Timestamp, UserId, auth::User};
use uuid::Uuid;

/// What is known of a token.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionState {
    /// It may be used, by this user.
    Active(User),
    /// Its user has ended it.
    Revoked,
    /// It was never given out, or has expired and been forgotten.
    Unknown,
}

impl Store {
    /// Remembers a token by its identifier (`jti`), and forgets those that have expired.
    pub async fn create_session(&self, jti: Uuid, user: UserId, expires_at: Timestamp) -> Result<()> {
        let now = now().millis();
        let mut write = self.database.write().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at < $1").bind(now).execute(&mut *write).await?;
        sqlx::query("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
            .bind(jti.to_string())
            .bind(user.to_string())
            .bind(now)
            .bind(expires_at.millis())
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// What is known of the token of this identifier.
    pub async fn session_user(&self, jti: Uuid) -> Result<SessionState> {
        let row = sqlx::query(
            "SELECT u.id, u.username, u.created_at, s.revoked_at
             FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1",
        )
        .bind(jti.to_string())
        .fetch_optional(self.database.read())
        .await?;
        match row {
            None => Ok(SessionState::Unknown),
            Some(row) if row.optional_time("revoked_at")?.is_some() => Ok(SessionState::Revoked),
            Some(row) => Ok(SessionState::Active(user(&row)?)),
        }
    }

    /// Ends a token; one that is unknown or ended already is left as it is.
    pub async fn revoke_session(&self, jti: Uuid) -> Result<()> {
        let mut write = self.database.write().await?;
        sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
            .bind(now().millis())
            .bind(jti.to_string())
            .execute(&mut *write)
            .await?;
        write.commit().await
    }
}

/// Ends all of a user's tokens but one.
pub(crate) async fn revoke_other_sessions(write: &mut Write, user: UserId, kept: Uuid) -> Result<()> {
    sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND id <> $3 AND revoked_at IS NULL")
        .bind(now().millis())
        .bind(user.to_string())
        .bind(kept.to_string())
        .execute(&mut **write)
        .await?;
    Ok(())
}
