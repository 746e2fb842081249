//! Changing many images at once: `/projects/{id}/images/{label,delete,restore,confirm}`. All of them change, or none.

use super::{body::Body, caller::Writer, error::ApiError};
use crate::app::App;
use actix_web::{
    post,
    web::{Data, Json, Path},
};
use dto::{
    ImageId, Problem, ProjectId,
    image::{BulkLabel, Changed, Confirmation, ImageIds},
    limits::IDS_PER_REQUEST,
};

/// Label many images
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path)), request_body = BulkLabel, responses(
    (status = 200, body = Changed),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "One of the images or the label is not in the project; nothing was changed")))]
#[post("/projects/{id}/images/label")]
pub async fn label(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<BulkLabel>,
) -> Result<Json<Changed>, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let body = body.read()?;
    check_count(&body.image_ids)?;
    let changed = app.store.set_labels(who.id(), *project, &body.image_ids, body.label_id).await?;
    app.labels_changed(*project);
    Ok(Json(Changed { changed }))
}

/// Delete many images
///
/// They can be restored for 24 hours.
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path)), request_body = ImageIds, responses(
    (status = 200, body = Changed),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "One of the images is not in the project; nothing was changed")))]
#[post("/projects/{id}/images/delete")]
pub async fn delete(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<ImageIds>,
) -> Result<Json<Changed>, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let body = body.read()?;
    check_count(&body.image_ids)?;
    let changed = app.store.delete_images(who.id(), *project, &body.image_ids).await?;
    app.labels_changed(*project);
    Ok(Json(Changed { changed }))
}

/// Bring back deleted images
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path)), request_body = ImageIds, responses(
    (status = 200, body = Changed),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "One of the images is gone, or is not in the project; nothing was changed")))]
#[post("/projects/{id}/images/restore")]
pub async fn restore(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<ImageIds>,
) -> Result<Json<Changed>, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let body = body.read()?;
    check_count(&body.image_ids)?;
    let changed = app.store.restore_images(who.id(), *project, &body.image_ids).await?;
    app.labels_changed(*project);
    Ok(Json(Changed { changed }))
}

/// Confirm the labels of many images
///
/// Somebody has looked, and each has the right label, whatever a model says. They are no longer listed among mistakes and
/// probable label errors, for as long as they keep that label, or until it is taken back with `confirmed: false`.
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path)), request_body = Confirmation, responses(
    (status = 200, body = Changed),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "One of the images is not in the project; nothing was changed")))]
#[post("/projects/{id}/images/confirm")]
pub async fn confirm(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<Confirmation>,
) -> Result<Json<Changed>, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let body = body.read()?;
    check_count(&body.image_ids)?;
    let changed = app.store.confirm_labels(who.id(), *project, &body.image_ids, body.confirmed).await?;
    Ok(Json(Changed { changed }))
}

pub(super) fn check_count(ids: &[ImageId]) -> Result<(), ApiError> {
    if ids.len() > IDS_PER_REQUEST {
        return Err(ApiError::field("image_ids", format!("One request changes {IDS_PER_REQUEST} images at most.")));
    }
    Ok(())
}
