//! `/tokens`: access tokens for scripts.

use super::{caller::Account, check_name, error::ApiError};
use crate::app::App;
use actix_web::{
    HttpResponse, delete, get, post,
    web::{Data, Json, Path},
};
use dto::{
    Page, Problem, Timestamp, TokenId,
    access::{AccessToken, CreatedAccessToken, NewAccessToken, Scope},
    limits::ACCESS_TOKEN_DAYS,
};
use std::time::{SystemTime, UNIX_EPOCH};
use store::NewToken;

const DAY_MILLIS: i64 = 24 * 3600 * 1000;
/// What comes later is as good as never, and later still can't be written down: the year 3000.
const LATEST: Timestamp = Timestamp::from_millis(32_503_680_000_000);

/// One's access tokens, newest first, all on one page
///
/// Those that can be used, and those that have expired within a month.
#[utoipa::path(tag = "tokens", responses((status = 200, body = Page<AccessToken>)))]
#[get("/tokens")]
pub async fn list(app: Data<App>, who: Account) -> Result<Json<Page<AccessToken>>, ApiError> {
    Ok(Json(Page::whole(app.store.access_tokens(who.id()).await?)))
}

/// Make an access token
///
/// For a script, in place of a log-in. The answer is the only one that ever holds the token itself. A scope includes no
/// other: a token that is to see what it uploads needs `read` beside `write`.
#[utoipa::path(tag = "tokens", request_body = NewAccessToken, responses(
    (status = 201, body = CreatedAccessToken),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such project"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "quota_reached"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field")))]
#[post("/tokens")]
pub async fn create(app: Data<App>, who: Account, body: Json<NewAccessToken>) -> Result<HttpResponse, ApiError> {
    let NewAccessToken { name, scopes, project_id, expires_at } = body.into_inner();
    let (name, scopes, expires_at) = (check_name(&name)?, check_scopes(scopes)?, check_end(expires_at)?);
    let issued = app.auth.issue_access(who.id(), expires_at)?;
    let (id, expires_at) = (TokenId(issued.id), issued.expires_at);
    let new = NewToken { id, session: who.token_id, name, scopes: &scopes, project: project_id, expires_at };
    let access_token = app.store.create_access_token(who.id(), &new).await?;
    Ok(HttpResponse::Created().json(CreatedAccessToken { token: issued.token, access_token }))
}

/// Revoke an access token
///
/// It is refused from now on.
#[utoipa::path(tag = "tokens", params(("id" = TokenId, Path)), responses(
    (status = 204, description = "It is revoked"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[delete("/tokens/{id}")]
pub async fn revoke(app: Data<App>, who: Account, id: Path<TokenId>) -> Result<HttpResponse, ApiError> {
    app.store.revoke_access_token(who.id(), *id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Each scope once.
fn check_scopes(mut scopes: Vec<Scope>) -> Result<Vec<Scope>, ApiError> {
    scopes.sort();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(ApiError::field(
            "scopes",
            "A token without a scope may do nothing. Choose read, write or predict.",
        ));
    }
    Ok(scopes)
}

/// When the token ends: in a while unless something was asked for.
fn check_end(asked: Option<Option<Timestamp>>) -> Result<Option<Timestamp>, ApiError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    match asked {
        None => Ok(Some(Timestamp::from_millis(now + i64::from(ACCESS_TOKEN_DAYS) * DAY_MILLIS))),
        Some(Some(end)) if end.millis() <= now => {
            Err(ApiError::field("expires_at", "This time has passed. Choose a later one, or null for never."))
        }
        Some(Some(end)) if end > LATEST => Err(ApiError::field(
            "expires_at",
            "This is too late. Choose a time before the year 3000, or null for never.",
        )),
        Some(end) => Ok(end),
    }
}
