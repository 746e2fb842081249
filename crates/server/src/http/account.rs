//! `/me`: one's own account.

use super::{
    auth::session_cookie,
    caller::{Account, Reader},
    error::ApiError,
};
use crate::app::App;
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use dto::{
    ErrorCode, Problem,
    auth::{AccountDeletion, PasswordChange, User},
};

/// Who the token belongs to
#[utoipa::path(tag = "account", responses((status = 200, body = User)))]
#[get("/me")]
pub async fn me(who: Reader) -> Json<User> {
    Json(who.user)
}

/// Change one's password
///
/// Ends every other log-in of the user; the one that the request came with stays. Access tokens stay too, unless
/// `end_access_tokens` asks otherwise.
#[utoipa::path(tag = "account", request_body = PasswordChange, responses(
    (status = 204, description = "The new password holds"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "wrong_password"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "too_many_requests")))]
#[post("/me/password")]
pub async fn change_password(
    app: Data<App>,
    who: Account,
    body: Json<PasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let PasswordChange { current_password, new_password, end_access_tokens } = body.into_inner();
    let allowed = app.auth.check_password(&new_password, &who.user.username).await?;
    allowed.map_err(|why| ApiError::field("new_password", why))?;
    confirm(&app, &who, current_password).await?;
    let hash = app.auth.hash(new_password).await?;
    app.store.change_password(who.id(), &hash, Some(who.token_id), end_access_tokens).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Delete one's account
///
/// With all projects, images and models, at once and for good.
#[utoipa::path(tag = "account", request_body = AccountDeletion, responses(
    (status = 204, description = "The account is gone"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "wrong_password"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "too_many_requests")))]
#[post("/me/delete")]
pub async fn delete(app: Data<App>, who: Account, body: Json<AccountDeletion>) -> Result<HttpResponse, ApiError> {
    confirm(&app, &who, body.into_inner().password).await?;
    app.store.delete_user(who.id()).await?;
    let mut gone = session_cookie(&app, "");
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

/// Checks that it is really them: a page left open is not enough.
async fn confirm(app: &App, who: &Account, password: String) -> Result<(), ApiError> {
    app.auth.throttles.password(&who.user.username)?;
    let hash = app.store.credentials(&who.user.username).await?.map(|found| found.password_hash);
    if app.auth.verify(password, hash).await? {
        return Ok(());
    }
    Err(ApiError::new(ErrorCode::WrongPassword, "That is not your password. Nothing has been changed."))
}
