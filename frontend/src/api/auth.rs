//! Signing up, logging in and out. The server keeps the log-in in an HttpOnly cookie that the page never sees.

use super::client::{self, ApiResult};
use dto::auth::{Credentials, NewUser, Session, User};
use gloo_net::http::Method;

/// Makes a user and logs in.
pub async fn sign_up(new: &NewUser) -> ApiResult<Session> {
    client::send_json(Method::POST, "/auth/signup", new).await
}

pub async fn log_in(credentials: &Credentials) -> ApiResult<Session> {
    client::send_json(Method::POST, "/auth/login", credentials).await
}

pub async fn log_out() -> ApiResult<()> {
    client::send_bare(Method::POST, "/auth/logout").await
}

/// Who is logged in.
pub async fn me() -> ApiResult<User> {
    client::get("/me").await
}
