//! `/auth`: signing up, logging in and out.

use super::{
    error::ApiError,
    identity::{COOKIE, Identity},
};
use crate::{
    app::App,
    auth::{check_password, check_username},
};
use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    post,
    web::{Data, Json},
};
use dto::{
    ErrorCode, Problem,
    auth::{Credentials, Session, User},
};

/// The project that sign-up makes, so that a new user lands in one.
const FIRST_PROJECT: &str = "My first project";

/// Sign up
///
/// Makes the user, a first project, and logs in.
#[utoipa::path(tag = "auth", security(()), request_body = Credentials, responses(
    (status = 201, body = Session, description = "Signed up and logged in; the token is set as a cookie too"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "username_taken"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field")))]
#[post("/auth/signup")]
pub async fn signup(app: Data<App>, body: Json<Credentials>) -> Result<HttpResponse, ApiError> {
    let Credentials { username, password } = body.into_inner();
    let username = check_username(&username).map_err(|why| ApiError::field("username", why))?;
    check_password(&password).map_err(|why| ApiError::field("password", why))?;
    let hash = app.auth.hash(password).await?;
    let user = app.store.create_user(username, &hash, FIRST_PROJECT).await?;
    let session = start_session(&app, user).await?;
    Ok(HttpResponse::Created().cookie(session_cookie(&app, &session.token)).json(session))
}

/// Log in
#[utoipa::path(tag = "auth", security(()), request_body = Credentials, responses(
    (status = 200, body = Session, description = "Logged in; the token is set as a cookie too"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "wrong_credentials")))]
#[post("/auth/login")]
pub async fn login(app: Data<App>, body: Json<Credentials>) -> Result<HttpResponse, ApiError> {
    let Credentials { username, password } = body.into_inner();
    let (user, hash) = app.store.credentials(username.trim()).await?.unzip();
    let right = app.auth.verify(password, hash).await?;
    let user = user
        .filter(|_| right)
        .ok_or_else(|| ApiError::new(ErrorCode::WrongCredentials, "The user name or the password is wrong."))?;
    let session = start_session(&app, user).await?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&app, &session.token)).json(session))
}

/// Log out
///
/// Ends the token that the request came with, everywhere.
#[utoipa::path(tag = "auth", responses((status = 204, description = "The token is ended")))]
#[post("/auth/logout")]
pub async fn logout(app: Data<App>, identity: Identity) -> Result<HttpResponse, ApiError> {
    app.store.revoke_session(identity.token_id).await?;
    let mut gone = session_cookie(&app, "");
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

async fn start_session(app: &App, user: User) -> Result<Session, ApiError> {
    let (token, token_id, expires_at) = app.auth.issue(user.id)?;
    app.store.create_session(token_id, user.id, expires_at).await?;
    Ok(Session { token, expires_at, user })
}

pub(super) fn session_cookie(app: &App, token: &str) -> Cookie<'static> {
    let secure = app.settings.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    Cookie::build(COOKIE, token.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(Duration::hours(app.settings.session_hours.into()))
        .finish()
}
