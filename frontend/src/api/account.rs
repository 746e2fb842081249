//! One's own account.

use super::client::{self, ApiResult};
use dto::auth::{AccountDeletion, PasswordChange};
use gloo_net::http::Method;

/// Changes the password, and ends every other log-in.
pub async fn change_password(change: &PasswordChange) -> ApiResult<()> {
    client::send_json_for_nothing(Method::POST, "/me/password", change).await
}

/// Deletes the account with everything in it.
pub async fn delete(password: &str) -> ApiResult<()> {
    client::send_json_for_nothing(Method::POST, "/me/delete", &AccountDeletion { password: password.into() }).await
}
