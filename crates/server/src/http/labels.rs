//! `/projects/{id}/labels` and `/labels`.

use super::{
    body::Body,
    caller::{Reader, Writer},
    check_name,
    error::ApiError,
};
use crate::app::App;
use actix_web::{
    HttpResponse, delete, get, patch, post,
    web::{Data, Json, Path},
};
use dto::{
    LabelId, Page, Problem, ProjectId,
    label::{Label, LabelChange, NewLabel},
};

/// The labels of a project, in their order, all on one page
#[utoipa::path(tag = "labels", params(("id" = ProjectId, Path)), responses(
    (status = 200, body = Page<Label>),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/projects/{id}/labels")]
pub async fn list(app: Data<App>, who: Reader, project: Path<ProjectId>) -> Result<Json<Page<Label>>, ApiError> {
    Ok(Json(Page::whole(app.store.labels(who.id(), *project).await?)))
}

/// Make a label
#[utoipa::path(tag = "labels", params(("id" = ProjectId, Path)), request_body = NewLabel, responses(
    (status = 201, body = Label),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "label_exists")))]
#[post("/projects/{id}/labels")]
pub async fn create(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<NewLabel>,
) -> Result<HttpResponse, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let body = body.read()?;
    let color = body.color.as_deref().map(check_color).transpose()?;
    let label = app.store.create_label(who.id(), *project, check_name(&body.name)?, color.as_deref()).await?;
    Ok(HttpResponse::Created().json(label))
}

/// Rename, recolour or move a label
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)), request_body = LabelChange, responses(
    (status = 200, body = Label),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "label_exists")))]
#[patch("/labels/{id}")]
pub async fn change(
    app: Data<App>,
    who: Writer,
    id: Path<LabelId>,
    body: Body<LabelChange>,
) -> Result<Json<Label>, ApiError> {
    app.store.project_of_label(who.id(), *id).await?;
    let LabelChange { name, color, position } = body.read()?;
    let change = LabelChange {
        name: name.as_deref().map(check_name).transpose()?.map(str::to_owned),
        color: color.as_deref().map(check_color).transpose()?,
        position,
    };
    Ok(Json(app.store.change_label(who.id(), *id, &change).await?))
}

/// Delete a label
///
/// Its images stay and become unlabelled.
#[utoipa::path(tag = "labels", params(("id" = LabelId, Path)), responses(
    (status = 204, description = "It is gone"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[delete("/labels/{id}")]
pub async fn remove(app: Data<App>, who: Writer, id: Path<LabelId>) -> Result<HttpResponse, ApiError> {
    let project = app.store.project_of_label(who.id(), *id).await?;
    app.store.delete_label(who.id(), *id).await?;
    app.labels_changed(project);
    Ok(HttpResponse::NoContent().finish())
}

/// `#rrggbb` in lower case.
fn check_color(color: &str) -> Result<String, ApiError> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6);
    match digits {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(color.to_ascii_lowercase()),
        _ => Err(ApiError::field("color", "A colour is written #rrggbb, such as #0072b2.")),
    }
}
