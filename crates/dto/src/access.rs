//! What scripts and other devices may do for a user: access tokens, and log-ins that are open.

use crate::{ProjectId, SessionId, Timestamp, TokenId, serde_help::missing_or_null};
use serde::{Deserialize, Serialize};

/// What an access token may do. None includes another: a camera that only uploads need not see anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// See projects, labels, pictures, models and results: every GET.
    Read,
    /// Upload, label, train, and delete.
    Write,
    /// Ask models about pictures.
    Predict,
}

impl Scope {
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Predict];

    /// The scope as it stands in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Predict => "predict",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A token for a script, as its user sees it. The token itself was shown once, when it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessToken {
    pub id: TokenId,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The only project that it reaches; null for all.
    pub project_id: Option<ProjectId>,
    pub created_at: Timestamp,
    /// Null for never.
    pub expires_at: Option<Timestamp>,
    /// To the minute; null if it never was.
    pub last_used_at: Option<Timestamp>,
}

/// The body of `POST /tokens`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewAccessToken {
    /// What it is for, 1 to 100 characters.
    pub name: String,
    /// One or more.
    pub scopes: Vec<Scope>,
    /// The only project that it is to reach; all if missing or null.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// When it ends: 90 days from now if missing, never if null.
    #[serde(default, deserialize_with = "missing_or_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Timestamp>))]
    pub expires_at: Option<Option<Timestamp>>,
}

/// What `POST /tokens` answers, and nothing ever again.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedAccessToken {
    /// A JWT, for the header `Authorization: Bearer …`.
    pub token: String,
    pub access_token: AccessToken,
}

/// A log-in that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginSession {
    pub id: SessionId,
    /// Whether this is the log-in that asks.
    pub current: bool,
    /// What was logged in with, as it called itself: “Firefox on Windows”. Empty if it didn't.
    pub agent: String,
    pub created_at: Timestamp,
    /// To the minute.
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
}
