//! `/projects/{id}/models`, `/models/{id}` and its results.

use super::{
    body::Body,
    caller::{Reader, Writer},
    check_name,
    error::ApiError,
    page_limit,
    projects::PageQuery,
};
use crate::app::App;
use actix_web::{
    HttpResponse, delete, get, patch,
    web::{Data, Json, Path, Query},
};
use dto::{
    ModelId, Page, Problem, ProjectId,
    model::{Model, ModelChange},
    result::{ImageResult, ResultQuery},
};

/// The models of a project, newest first
#[utoipa::path(tag = "models", params(("id" = ProjectId, Path), PageQuery), responses(
    (status = 200, body = Page<Model>),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/projects/{id}/models")]
pub async fn list(
    app: Data<App>,
    who: Reader,
    project: Path<ProjectId>,
    query: Query<PageQuery>,
) -> Result<Json<Page<Model>>, ApiError> {
    let limit = page_limit(query.limit)?;
    Ok(Json(app.store.models(who.id(), *project, query.cursor.as_deref(), limit).await?))
}

/// One model
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), responses(
    (status = 200, body = Model),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/models/{id}")]
pub async fn show(app: Data<App>, who: Reader, id: Path<ModelId>) -> Result<Json<Model>, ApiError> {
    Ok(Json(app.store.model(who.id(), *id).await?))
}

/// Rename a model
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), request_body = ModelChange, responses(
    (status = 200, body = Model),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field")))]
#[patch("/models/{id}")]
pub async fn change(
    app: Data<App>,
    who: Writer,
    id: Path<ModelId>,
    body: Body<ModelChange>,
) -> Result<Json<Model>, ApiError> {
    app.store.model(who.id(), *id).await?;
    let ModelChange { name } = body.read()?;
    Ok(Json(app.store.rename_model(who.id(), *id, check_name(&name)?).await?))
}

/// Delete a model
///
/// A run that is under way stops.
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[delete("/models/{id}")]
pub async fn remove(app: Data<App>, who: Writer, id: Path<ModelId>) -> Result<HttpResponse, ApiError> {
    app.store.delete_model(who.id(), *id).await?;
    app.jobs.changed(*id);
    Ok(HttpResponse::NoContent().finish())
}

/// What the model says of the images it was trained on, the surest first
#[utoipa::path(tag = "models", params(("id" = ModelId, Path), ResultQuery), responses(
    (status = 200, body = Page<ImageResult>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[get("/models/{id}/results")]
pub async fn results(
    app: Data<App>,
    who: Reader,
    id: Path<ModelId>,
    query: Query<ResultQuery>,
) -> Result<Json<Page<ImageResult>>, ApiError> {
    app.store.ready_model(who.id(), *id).await?;
    let query = ResultQuery { limit: Some(page_limit(query.limit)?), ..query.into_inner() };
    Ok(Json(app.store.results(who.id(), *id, &query).await?))
}
