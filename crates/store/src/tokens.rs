//! What is known of a token that comes with a request: a log-in's or a script's.

use crate::{Store, access_tokens::scopes, clock::now, error::Result, row::Columns, users::user};
use dto::{ProjectId, access::Scope, auth::User};
use uuid::Uuid;

/// What is known of a token.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenState {
    /// It may be used, by this user.
    Active { user: User, access: Access },
    /// It was ended: by its user, or with the account.
    Revoked,
    /// Its time is over.
    Expired,
    /// It was never given out, or has expired and been forgotten.
    Unknown,
}

/// What a token may do.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// A log-in's: everything.
    Session,
    /// A script's: so much, and in one project only if there is one.
    Script { scopes: Vec<Scope>, project: Option<ProjectId> },
}

impl Store {
    /// What is known of the token of this identifier (`jti`).
    pub async fn token(&self, jti: Uuid) -> Result<TokenState> {
        let row = sqlx::query(
            "SELECT u.id, u.username, u.created_at, u.disabled_at, s.revoked_at, s.expires_at,
                    CAST(NULL AS TEXT) AS scopes, CAST(NULL AS TEXT) AS project_id
             FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1
             UNION ALL
             SELECT u.id, u.username, u.created_at, u.disabled_at, t.revoked_at, t.expires_at, t.scopes, t.project_id
             FROM access_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = $1",
        )
        .bind(jti.to_string())
        .fetch_optional(self.database.read())
        .await?;
        let Some(row) = row else { return Ok(TokenState::Unknown) };
        // A log-in that was under way while its account was disabled is as good as ended.
        if row.optional_time("revoked_at")?.is_some() || row.optional_time("disabled_at")?.is_some() {
            return Ok(TokenState::Revoked);
        }
        if row.optional_time("expires_at")?.is_some_and(|end| end <= now()) {
            return Ok(TokenState::Expired);
        }
        let access = match row.optional_known("scopes", scopes)? {
            None => Access::Session,
            Some(scopes) => Access::Script { scopes, project: row.optional_parsed("project_id")? },
        };
        Ok(TokenState::Active { user: user(&row)?, access })
    }

    /// Notes that a token is in use.
    pub async fn touch_token(&self, jti: Uuid, access: &Access) -> Result<()> {
        let sql = match access {
            Access::Session => "UPDATE sessions SET last_used_at = $1 WHERE id = $2",
            Access::Script { .. } => "UPDATE access_tokens SET last_used_at = $1 WHERE id = $2",
        };
        let mut write = self.database.write().await?;
        sqlx::query(sql).bind(now().millis()).bind(jti.to_string()).execute(&mut *write).await?;
        write.commit().await
    }
}
