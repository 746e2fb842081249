//! `/projects/{id}/images` (listing) and `/images/{id}`.

use super::{
    body::Body,
    caller::{Reader, Writer},
    error::ApiError,
    page_limit,
};
use crate::app::App;
use actix_web::{
    HttpResponse, delete, get,
    http::header::{
        self, Charset, ContentDisposition, DispositionParam, DispositionType, ETag, EntityTag, ExtendedValue,
        IfNoneMatch,
    },
    patch,
    web::{Data, Header, Json, Path, Query},
};
use dto::{
    ErrorCode, ImageId, Page, Problem, ProjectId,
    image::{Image, ImageChange, ImageQuery},
};
use store::{ContentHash, StoreError};
use vision::Format;

/// The images of a project, newest first
#[utoipa::path(tag = "images", params(("id" = ProjectId, Path), ImageQuery), responses(
    (status = 200, body = Page<Image>),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/projects/{id}/images")]
pub async fn list(
    app: Data<App>,
    who: Reader,
    project: Path<ProjectId>,
    query: Query<ImageQuery>,
) -> Result<Json<Page<Image>>, ApiError> {
    let query = ImageQuery { limit: Some(page_limit(query.limit)?), ..query.into_inner() };
    Ok(Json(app.store.images(who.id(), *project, &query).await?))
}

/// One image
#[utoipa::path(tag = "images", params(("id" = ImageId, Path)), responses(
    (status = 200, body = Image),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/images/{id}")]
pub async fn show(app: Data<App>, who: Reader, id: Path<ImageId>) -> Result<Json<Image>, ApiError> {
    Ok(Json(app.store.image(who.id(), *id).await?))
}

/// Give an image a label, or take it away
#[utoipa::path(tag = "images", params(("id" = ImageId, Path)), request_body = ImageChange, responses(
    (status = 200, body = Image),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "No such image, or no such label in its project")))]
#[patch("/images/{id}")]
pub async fn change(
    app: Data<App>,
    who: Writer,
    id: Path<ImageId>,
    body: Body<ImageChange>,
) -> Result<Json<Image>, ApiError> {
    let project = app.store.project_of_image(who.id(), *id).await?;
    let image = app.store.set_label(who.id(), *id, body.read()?.label_id).await?;
    app.labels_changed(project);
    Ok(Json(image))
}

/// Delete an image
///
/// It can be restored for 24 hours.
#[utoipa::path(tag = "images", params(("id" = ImageId, Path)), responses(
    (status = 204, description = "It is hidden"),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[delete("/images/{id}")]
pub async fn remove(app: Data<App>, who: Writer, id: Path<ImageId>) -> Result<HttpResponse, ApiError> {
    let project = app.store.project_of_image(who.id(), *id).await?;
    app.store.delete_image(who.id(), *id).await?;
    app.labels_changed(project);
    Ok(HttpResponse::NoContent().finish())
}

/// The file as it was uploaded
#[utoipa::path(tag = "images", params(("id" = ImageId, Path)), responses(
    (status = 200, content_type = "image/*", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/images/{id}/file")]
pub async fn original(
    app: Data<App>,
    who: Reader,
    id: Path<ImageId>,
    known: Header<IfNoneMatch>,
) -> Result<HttpResponse, ApiError> {
    let file = app.store.image_file(who.id(), *id).await?;
    let format = Format::parse(&file.format);
    let content_type = format.map_or("application/octet-stream", Format::content_type);
    let shown = if format.is_some_and(Format::is_shown_by_browsers) {
        DispositionType::Inline
    } else {
        DispositionType::Attachment
    };
    let key = store::original_key(file.content_hash);
    blob(&app, &key, file.content_hash, content_type, (shown, &file.file_name), &known).await
}

/// A small JPEG of the image, upright, at most 256 pixels wide and high
#[utoipa::path(tag = "images", params(("id" = ImageId, Path)), responses(
    (status = 200, content_type = "image/jpeg", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json")))]
#[get("/images/{id}/thumbnail")]
pub async fn thumbnail(
    app: Data<App>,
    who: Reader,
    id: Path<ImageId>,
    known: Header<IfNoneMatch>,
) -> Result<HttpResponse, ApiError> {
    let file = app.store.image_file(who.id(), *id).await?;
    let key = store::thumbnail_key(file.content_hash);
    blob(&app, &key, file.content_hash, Format::Jpeg.content_type(), (DispositionType::Inline, "thumbnail.jpg"), &known)
        .await
}

/// A stored blob. Its bytes never change, so a browser may keep them, for the person logged in only; it must ask
/// again whether they may still be seen.
async fn blob(
    app: &App,
    key: &str,
    content_hash: ContentHash,
    content_type: &str,
    (disposition, file_name): (DispositionType, &str),
    known: &IfNoneMatch,
) -> Result<HttpResponse, ApiError> {
    let tag = EntityTag::new_strong(content_hash.to_string());
    let unchanged = match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|known| known.weak_eq(&tag)),
    };
    let mut response = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::CACHE_CONTROL, "private, no-cache")).insert_header(ETag(tag));
    if unchanged {
        return Ok(response.finish());
    }
    let bytes = app.store.blobs().get(key).await.map_err(|error| match error {
        StoreError::NotFound(_) => ApiError::new(
            ErrorCode::NotFound,
            "The server has lost this picture's file. Upload the same file again to mend that.",
        ),
        error => error.into(),
    })?;
    Ok(response
        .content_type(content_type)
        .insert_header(ContentDisposition { disposition, parameters: file_name_parameters(file_name) })
        .body(bytes))
}

/// Headers are ASCII: other letters are told beside a name that lacks them, as RFC 6266 has it.
fn file_name_parameters(file_name: &str) -> Vec<DispositionParam> {
    let is_plain = |c: char| c.is_ascii() && !c.is_ascii_control();
    let plain = DispositionParam::Filename(file_name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect());
    if file_name.chars().all(is_plain) {
        return vec![plain];
    }
    let value = file_name.as_bytes().to_vec();
    let whole = ExtendedValue { charset: Charset::Ext("UTF-8".into()), language_tag: None, value };
    vec![plain, DispositionParam::FilenameExt(whole)]
}
