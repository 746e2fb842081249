//! Who makes the request, by `Authorization: Bearer` or by cookie.

use super::error::ApiError;
use crate::{app::App, auth::TokenError};
use actix_web::{HttpMessage, HttpRequest, http::header, web::Data};
use dto::{ErrorCode, UserId, auth::User};
use store::{Access, TokenState};
use uuid::Uuid;

/// The cookie that log-in sets and log-out clears.
pub const COOKIE: &str = "pupil_session";

/// The user that the request's token names, and what the token may do.
pub struct Identity {
    pub user: User,
    /// The token's identifier, which log-out ends.
    pub token_id: Uuid,
    pub access: Access,
}

impl Identity {
    pub async fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let app = request.app_data::<Data<App>>().expect("every server is built with its app");
        let Named { user: named, token_id } = named(request, app)?;
        match app.store.token(token_id).await? {
            TokenState::Active { user, access } if user.id == named => {
                app.last_use.note(&app.store, token_id, &access).await;
                Ok(Self { user, token_id, access })
            }
            TokenState::Revoked => {
                Err(ApiError::new(ErrorCode::TokenRevoked, "This log-in or token was ended. Log in again."))
            }
            TokenState::Expired => Err(TokenError::Expired.into()),
            _ => Err(ApiError::new(ErrorCode::TokenInvalid, "This token belongs to nobody. Log in again.")),
        }
    }
}

/// Whether a token that a request came with has not been ended since, nor has ended by itself.
pub async fn still_holds(app: Data<App>, token_id: Uuid) -> bool {
    matches!(app.store.token(token_id).await, Ok(TokenState::Active { .. }))
}

/// What a token says that Pupil signed; whether it still holds is asked of the store.
#[derive(Clone, Copy)]
pub struct Named {
    pub user: UserId,
    token_id: Uuid,
}

/// Reads the request's token. Its signature is checked once, however often this is asked.
pub fn named(request: &HttpRequest, app: &App) -> Result<Named, ApiError> {
    if let Some(named) = request.extensions().get::<Named>() {
        return Ok(*named);
    }
    let (user, token_id) = app.auth.read(&token(request, app)?)?;
    let named = Named { user, token_id };
    request.extensions_mut().insert(named);
    Ok(named)
}

/// The token of the header, else of the cookie, which a write may use from Pupil's own page only.
fn token(request: &HttpRequest, app: &App) -> Result<String, ApiError> {
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let token = value.to_str().ok().and_then(bearer);
        return token.map(str::to_owned).ok_or_else(|| {
            ApiError::new(ErrorCode::TokenInvalid, "The Authorization header must be “Bearer” and a token.")
        });
    }
    let cookie = request.cookie(COOKIE).ok_or_else(|| {
        ApiError::new(ErrorCode::Unauthenticated, "Log in first, or send a token as “Authorization: Bearer …”.")
    })?;
    if !request.method().is_safe() && !is_own_origin(request, app) {
        return Err(ApiError::new(
            ErrorCode::OriginRefused,
            "A change by cookie must come from Pupil's own page. From elsewhere, send a Bearer token.",
        ));
    }
    Ok(cookie.value().to_owned())
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether the browser says that the request comes from a page of this server.
fn is_own_origin(request: &HttpRequest, app: &App) -> bool {
    let sent = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let Some(origin) = sent(header::ORIGIN) else { return false };
    match &app.settings.public_url {
        Some(url) => origin == url.trim_end_matches('/'),
        // Unset, Pupil is used at the address it listens on, which the browser repeats as the host it asks.
        None => {
            let scheme = if request.app_config().secure() { "https://" } else { "http://" };
            origin.strip_prefix(scheme).is_some_and(|host| Some(host) == sent(header::HOST))
        }
    }
}
