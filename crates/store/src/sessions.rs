//! Sessions: log-ins that are open and can be ended.

use crate::{
    Store,
    clock::now,
    cursor::{Cursor, page, page_size},
    database::Write,
    error::{Result, StoreError},
    row::Columns,
    users::lock_user,
};
use dto::{Page, SessionId, Timestamp, UserId, access::LoginSession};
use sqlx::any::AnyRow;
use uuid::Uuid;

/// A log-in that is about to be given out.
#[derive(Clone, Copy)]
pub struct NewSession<'a> {
    /// Its token's identifier.
    pub jti: Uuid,
    pub user: UserId,
    /// The hash that the password was compared with.
    pub password_hash: &'a str,
    /// What was logged in with.
    pub agent: &'a str,
    pub expires_at: Timestamp,
}

impl Store {
    /// Remembers a log-in by its token's identifier (`jti`) and what was logged in with, and forgets those that have
    /// expired.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if the password is no longer the one that was compared, or the account was shut
    /// meanwhile: comparing takes long enough for that.
    pub async fn create_session(&self, new: &NewSession<'_>) -> Result<()> {
        let now = now().millis();
        let mut write = self.database.write().await?;
        sqlx::query("DELETE FROM sessions WHERE expires_at < $1").bind(now).execute(&mut *write).await?;
        lock_user(&mut write, new.user).await?;
        let created = sqlx::query(
            "INSERT INTO sessions (id, user_id, agent, created_at, expires_at)
             SELECT $1, id, $2, $3, $4 FROM users WHERE id = $5 AND password_hash = $6 AND disabled_at IS NULL",
        )
        .bind(new.jti.to_string())
        .bind(new.agent)
        .bind(now)
        .bind(new.expires_at.millis())
        .bind(new.user.to_string())
        .bind(new.password_hash)
        .execute(&mut *write)
        .await?;
        if created.rows_affected() == 0 {
            return Err(StoreError::NotFound("user"));
        }
        write.commit().await
    }

    /// The user's open log-ins, the newest first; `current` is the one that asks.
    pub async fn sessions(
        &self,
        owner: UserId,
        current: Uuid,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<LoginSession>> {
        let limit = page_size(limit);
        let before = Cursor::id(cursor)?;
        let rows = sqlx::query(
            "SELECT id, agent, created_at, COALESCE(last_used_at, created_at) AS last_used_at, expires_at
             FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND id < $3
             ORDER BY id DESC LIMIT $4",
        )
        .bind(owner.to_string())
        .bind(now().millis())
        .bind(before.to_string())
        .bind(i64::from(limit) + 1)
        .fetch_all(self.database.read())
        .await?;
        let sessions = rows.iter().map(|row| session(row, current)).collect::<Result<_>>()?;
        Ok(page(sessions, limit, |last: &LoginSession| Cursor::Id(last.id.0)))
    }

    /// Ends one of the user's log-ins.
    pub async fn end_session(&self, owner: UserId, id: SessionId) -> Result<()> {
        let mut write = self.database.write().await?;
        let ended =
            sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND user_id = $3 AND revoked_at IS NULL")
                .bind(now().millis())
                .bind(id.to_string())
                .bind(owner.to_string())
                .execute(&mut *write)
                .await?;
        if ended.rows_affected() == 0 {
            return Err(StoreError::NotFound("log-in"));
        }
        write.commit().await
    }
}

/// Whether a log-in is still open; what ends all of a user's must not run at the same time, so the user must be locked.
pub(crate) async fn check_session(write: &mut Write, user: UserId, jti: Uuid) -> Result<()> {
    let open = sqlx::query("SELECT id FROM sessions WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL")
        .bind(jti.to_string())
        .bind(user.to_string())
        .fetch_optional(&mut **write)
        .await?;
    open.map(drop).ok_or(StoreError::NotFound("log-in"))
}

/// Ends the user's log-ins, all but `kept`.
pub(crate) async fn end_sessions(write: &mut Write, user: UserId, kept: Option<Uuid>) -> Result<()> {
    let kept = kept.map(|jti| jti.to_string()).unwrap_or_default();
    sqlx::query("UPDATE sessions SET revoked_at = $1 WHERE user_id = $2 AND id <> $3 AND revoked_at IS NULL")
        .bind(now().millis())
        .bind(user.to_string())
        .bind(kept)
        .execute(&mut **write)
        .await?;
    Ok(())
}

fn session(row: &AnyRow, current: Uuid) -> Result<LoginSession> {
    let id: SessionId = row.parsed("id")?;
    Ok(LoginSession {
        id,
        current: id.0 == current,
        agent: row.text("agent")?,
        created_at: row.time("created_at")?,
        last_used_at: row.time("last_used_at")?,
        expires_at: row.time("expires_at")?,
    })
}
