//! `/projects`.

use super::{
    body::Body,
    caller::{Reader, Writer},
    check_name,
    error::ApiError,
    page_limit,
};
use crate::app::App;
use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json, Path, Query},
};
use dto::{
    Page, Problem, ProjectId,
    project::{NewProject, Project, ProjectChange},
};
use serde::Deserialize;

/// Where a list goes on, and how much of it to give.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Items on the page: 100 unless given, 500 at most.
    pub limit: Option<u32>,
}

/// The projects one has, newest first
#[utoipa::path(tag = "projects", params(PageQuery), responses((status = 200, body = Page<Project>)))]
#[get("/projects")]
pub async fn list(app: Data<App>, who: Reader, query: Query<PageQuery>) -> Result<Json<Page<Project>>, ApiError> {
    let limit = page_limit(query.limit)?;
    if let Some(only) = who.project {
        return Ok(Json(Page::whole(vec![app.store.project(who.id(), only).await?])));
    }
    Ok(Json(app.store.projects(who.id(), query.cursor.as_deref(), limit).await?))
}

/// Make a project
#[utoipa::path(tag = "projects", request_body = NewProject, responses((status = 201, body = Project)))]
#[post("/projects")]
pub async fn create(app: Data<App>, who: Writer, body: Json<NewProject>) -> Result<HttpResponse, ApiError> {
    let project = app.store.create_project(who.id(), check_name(&body.name)?).await?;
    Ok(HttpResponse::Created().json(project))
}

/// One project
#[utoipa::path(tag = "projects", params(("id" = ProjectId, Path)), responses(
    (status = 200, body = Project),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/projects/{id}")]
pub async fn show(app: Data<App>, who: Reader, id: Path<ProjectId>) -> Result<Json<Project>, ApiError> {
    Ok(Json(app.store.project(who.id(), *id).await?))
}

/// Rename a project, or choose the model it predicts with
#[utoipa::path(tag = "projects", params(("id" = ProjectId, Path)), request_body = ProjectChange, responses(
    (status = 200, body = Project),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[patch("/projects/{id}")]
pub async fn change(
    app: Data<App>,
    who: Writer,
    id: Path<ProjectId>,
    body: Body<ProjectChange>,
) -> Result<Json<Project>, ApiError> {
    app.store.check_project(who.id(), *id).await?;
    let mut change = body.read()?;
    if let Some(name) = &change.name {
        change.name = Some(check_name(name)?.to_owned());
    }
    let project = app.store.change_project(who.id(), *id, &change).await?;
    if change.learns_as_labelled == Some(true) {
        app.labels_changed(*id);
    }
    Ok(Json(project))
}

/// Delete a project with everything in it
#[utoipa::path(tag = "projects", params(("id" = ProjectId, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[delete("/projects/{id}")]
pub async fn remove(app: Data<App>, who: Writer, id: Path<ProjectId>) -> Result<HttpResponse, ApiError> {
    app.store.delete_project(who.id(), *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
