//! What images have in common: `/projects/{id}/duplicates` and `/projects/{id}/map`.

use super::{caller::Reader, error::ApiError, page_limit, projects::PageQuery};
use crate::{app::App, likeness};
use actix_web::{
    get,
    web::{Data, Json, Path, Query},
};
use dto::{
    Problem, ProjectId,
    likeness::{DuplicateGroup, Duplicates, ImageMap},
};
use store::page_of;

/// More than all images of a group: what puts conflicts before the rest.
const CONFLICT: f64 = 1e9;

/// Groups of images that are nearly the same
///
/// Those under different labels come first, then the largest groups.
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path), PageQuery), responses(
    (status = 200, body = Duplicates),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "weights_missing")))]
#[get("/projects/{id}/duplicates")]
pub async fn duplicates(
    app: Data<App>,
    who: Reader,
    project: Path<ProjectId>,
    query: Query<PageQuery>,
) -> Result<Json<Duplicates>, ApiError> {
    let limit = page_limit(query.limit)?;
    let found = likeness::duplicates(&app, who.id(), *project).await?;
    let rank = |group: &DuplicateGroup| {
        let first = group.images[0].image_id;
        (group.images.len() as f64 + if group.conflict { CONFLICT } else { 0.0 }, first)
    };
    let page = page_of(&found.groups, query.cursor.as_deref(), limit, rank)?;
    Ok(Json(Duplicates {
        items: page.items,
        next_cursor: page.next_cursor,
        groups: found.groups.len() as u64,
        conflicts: found.groups.iter().filter(|group| group.conflict).count() as u64,
        compared: found.compared,
        pending: found.pending,
    }))
}

/// All images on a plane: what looks alike lies close together
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path)), responses(
    (status = 200, body = ImageMap),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "weights_missing")))]
#[get("/projects/{id}/map")]
pub async fn map(app: Data<App>, who: Reader, project: Path<ProjectId>) -> Result<Json<ImageMap>, ApiError> {
    Ok(Json(likeness::map(&app, who.id(), *project).await?))
}
