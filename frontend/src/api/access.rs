//! Access tokens, and where one is logged in.

use super::client::{self, ApiResult};
use dto::{
    SessionId, TokenId,
    access::{AccessToken, CreatedAccessToken, LoginSession, NewAccessToken},
};
use gloo_net::http::Method;

pub async fn tokens() -> ApiResult<Vec<AccessToken>> {
    client::get_all("/tokens").await
}

/// Makes a token; nothing but the answer ever holds it.
pub async fn create_token(new: &NewAccessToken) -> ApiResult<CreatedAccessToken> {
    client::send_json(Method::POST, "/tokens", new).await
}

pub async fn revoke_token(id: TokenId) -> ApiResult<()> {
    client::send_bare(Method::DELETE, &format!("/tokens/{id}")).await
}

pub async fn sessions() -> ApiResult<Vec<LoginSession>> {
    client::get_all("/sessions").await
}

pub async fn end_session(id: SessionId) -> ApiResult<()> {
    client::send_bare(Method::DELETE, &format!("/sessions/{id}")).await
}
