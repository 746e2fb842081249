//! `/auth`: signing up, logging in and out.

use super::{agent, caller::Account, client_address::ClientAddress, error::ApiError, identity::COOKIE};
use crate::{
    app::App,
    auth::{FIRST_PROJECT, check_username},
    config::Settings,
};
use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration},
    http::header,
    post,
    web::{Data, Json},
};
use dto::{
    ErrorCode, Problem, SessionId,
    auth::{Credentials, NewUser, Session, User},
    health::SignupMode,
};
use sha2::{Digest, Sha256};
use store::{NewSession, StoreError};

/// Sign up
///
/// Makes the user, a first project, and logs in.
#[utoipa::path(tag = "auth", security(()), request_body = NewUser, responses(
    (status = 201, body = Session, description = "Signed up and logged in; the token is set as a cookie too"),
    (status = 403, body = Problem, content_type = "application/problem+json", description = "signup_closed, or signup_code_wrong"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "username_taken"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "too_many_requests")))]
#[post("/auth/signup")]
pub async fn signup(
    app: Data<App>,
    address: ClientAddress,
    request: HttpRequest,
    body: Json<NewUser>,
) -> Result<HttpResponse, ApiError> {
    let NewUser { username, password, code } = body.into_inner();
    if app.settings.signup_mode() == SignupMode::Closed {
        return Err(ApiError::new(ErrorCode::SignupClosed, ask("for an account", &app.settings)));
    }
    let username = check_username(&username).map_err(|why| ApiError::field("username", why))?;
    app.auth.throttles.sign_up(address.0)?;
    check_code(code.as_deref(), &app.settings)?;
    app.auth.check_password(&password, username).await?.map_err(|why| ApiError::field("password", why))?;
    let hash = app.auth.hash(password).await?;
    let user = app.store.create_user(username, &hash, FIRST_PROJECT).await?;
    let session = start_session(&app, &request, user, &hash).await?;
    Ok(HttpResponse::Created().cookie(session_cookie(&app, &session.token)).json(session))
}

/// Log in
#[utoipa::path(tag = "auth", security(()), request_body = Credentials, responses(
    (status = 200, body = Session, description = "Logged in; the token is set as a cookie too"),
    (status = 401, body = Problem, content_type = "application/problem+json", description = "wrong_credentials"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "too_many_requests")))]
#[post("/auth/login")]
pub async fn login(
    app: Data<App>,
    address: ClientAddress,
    request: HttpRequest,
    body: Json<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let Credentials { username, password } = body.into_inner();
    app.auth.throttles.log_in(&username, address.0)?;
    let found = app.store.credentials(username.trim()).await?;
    let hash = found.as_ref().map(|found| found.password_hash.clone());
    // Always, so that who is unknown or disabled is answered no sooner than who has mistyped.
    let right = app.auth.verify(password, hash).await?;
    let found = found.filter(|found| right && !found.disabled).ok_or_else(wrong_credentials)?;
    let session = start_session(&app, &request, found.user, &found.password_hash).await?;
    Ok(HttpResponse::Ok().cookie(session_cookie(&app, &session.token)).json(session))
}

/// Log out
///
/// Ends the token that the request came with, everywhere.
#[utoipa::path(tag = "auth", responses((status = 204, description = "The token is ended")))]
#[post("/auth/logout")]
pub async fn logout(app: Data<App>, who: Account) -> Result<HttpResponse, ApiError> {
    match app.store.end_session(who.id(), SessionId(who.token_id)).await {
        // Another request has just ended it.
        Ok(()) | Err(StoreError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let mut gone = session_cookie(&app, "");
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

fn wrong_credentials() -> ApiError {
    ApiError::new(ErrorCode::WrongCredentials, "The user name or the password is wrong.")
}

/// A log-in of a user whose password was compared with this hash.
async fn start_session(app: &App, request: &HttpRequest, user: User, hash: &str) -> Result<Session, ApiError> {
    let (issued, expires_at) = app.auth.issue_session(user.id)?;
    let agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let agent = agent.map(agent::describe).unwrap_or_default();
    let new = NewSession { jti: issued.id, user: user.id, password_hash: hash, agent: &agent, expires_at };
    app.store.create_session(&new).await.map_err(|error| match error {
        // The password was changed, or the account shut, while this one was compared.
        StoreError::NotFound(_) => wrong_credentials(),
        error => error.into(),
    })?;
    Ok(Session { token: issued.token, expires_at, user })
}

/// Whether the code is the one that signing up takes here, if it takes one.
fn check_code(code: Option<&str>, settings: &Settings) -> Result<(), ApiError> {
    if settings.signup_mode() != SignupMode::Code {
        return Ok(());
    }
    // Of digests, the time that it takes to compare them tells nothing.
    let digest = |code: Option<&str>| Sha256::digest(code.unwrap_or_default().trim());
    if digest(code) == digest(settings.signup_code.as_deref()) {
        return Ok(());
    }
    let detail = match code {
        None => format!("Signing up takes a code here. {}", ask("for it", settings)),
        Some(_) => format!("That is not the code. {}", ask("for it", settings)),
    };
    Err(Problem::new(ErrorCode::SignupCodeWrong, detail).with("field", "code").into())
}

fn ask(what: &str, settings: &Settings) -> String {
    match &settings.contact {
        Some(contact) => format!("Ask {what}: {contact}."),
        None => format!("Ask the person who runs this Pupil {what}."),
    }
}

pub(super) fn session_cookie(app: &App, token: &str) -> Cookie<'static> {
    Cookie::build(COOKIE, token.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.settings.is_https())
        .max_age(Duration::hours(app.settings.session_hours.into()))
        .finish()
}
