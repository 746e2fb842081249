//! `/sessions`: where one is logged in.

use super::{caller::Account, error::ApiError, page_limit, projects::PageQuery};
use crate::app::App;
use actix_web::{
    HttpResponse, delete, get,
    web::{Data, Json, Path, Query},
};
use dto::{Page, Problem, SessionId, access::LoginSession};

/// One's open log-ins, newest first
#[utoipa::path(tag = "account", params(PageQuery), responses((status = 200, body = Page<LoginSession>)))]
#[get("/sessions")]
pub async fn list(app: Data<App>, who: Account, query: Query<PageQuery>) -> Result<Json<Page<LoginSession>>, ApiError> {
    let limit = page_limit(query.limit)?;
    Ok(Json(app.store.sessions(who.id(), who.token_id, query.cursor.as_deref(), limit).await?))
}

/// End a log-in
///
/// Its token is refused from now on.
#[utoipa::path(tag = "account", params(("id" = SessionId, Path)), responses(
    (status = 204, description = "It is ended"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[delete("/sessions/{id}")]
pub async fn end(app: Data<App>, who: Account, id: Path<SessionId>) -> Result<HttpResponse, ApiError> {
    app.store.end_session(who.id(), *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
