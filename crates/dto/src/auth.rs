//! Signing up, logging in, and who one is.

use crate::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// The body of log-in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// Upper and lower case are the same name.
    pub username: String,
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: String,
}

/// The body of sign-up.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUser {
    /// 3 to 64 characters; upper and lower case are the same name.
    pub username: String,
    /// 8 to 256 characters, without the user name, and not one that others would try first.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: String,
    /// Where `GET /health` says that signing up takes a code: that code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// A user as others' programs see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub created_at: Timestamp,
}

/// What sign-up and log-in answer. The same token is set as an HttpOnly cookie.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// A JWT, for the header `Authorization: Bearer …`.
    pub token: String,
    pub expires_at: Timestamp,
    pub user: User,
}

/// The body of `POST /me/password`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PasswordChange {
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub current_password: String,
    /// As for signing up.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub new_password: String,
    /// Whether to revoke all access tokens too; they stay otherwise. Other log-ins end in any case.
    #[serde(default)]
    pub end_access_tokens: bool,
}

/// The body of `POST /me/delete`.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountDeletion {
    /// Asked again, because nothing brings the account back.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub password: String,
}
