//! Images of a project.

use super::{
    client::{self, ApiResult},
    upload::{self, Sending},
};
use dto::{
    ImageId, LabelId, Page, ProjectId,
    image::{BulkLabel, Changed, Confirmation, Image, ImageChange, ImageIds, ImageQuery, Source, Upload},
    limits,
};
use gloo_net::http::Method;

/// One page, newest first.
pub async fn list(project: ProjectId, query: &ImageQuery) -> ApiResult<Page<Image>> {
    client::get_page(&format!("/projects/{project}/images"), query).await
}

/// The address of an image's thumbnail.
pub fn thumbnail_url(id: ImageId) -> String {
    client::url(&format!("/images/{id}/thumbnail"))
}

/// The address of an image as it was uploaded.
pub fn file_url(id: ImageId) -> String {
    client::url(&format!("/images/{id}/file"))
}

/// Starts sending `files`, all under one label where one is given. `on_progress` hears how many bytes of the request
/// have left, and of how many.
pub fn upload(
    project: ProjectId,
    files: &[web_sys::File],
    label: Option<&str>,
    source: Source,
    on_progress: impl Fn(f64, f64) + 'static,
) -> Sending<Upload> {
    let fields = [("source", source.as_str())].into_iter().chain(label.map(|name| ("label", name)));
    upload::send(&format!("/projects/{project}/images"), files, fields, on_progress)
}

/// Gives an image a label, or takes its label away.
pub async fn set_label(id: ImageId, label: Option<LabelId>) -> ApiResult<Image> {
    client::send_json(Method::PATCH, &format!("/images/{id}"), &ImageChange { label_id: label }).await
}

/// Gives many images a label, or takes theirs away.
pub async fn set_label_of_many(project: ProjectId, ids: &[ImageId], label: Option<LabelId>) -> ApiResult<()> {
    for ids in ids.chunks(limits::IDS_PER_REQUEST) {
        let body = BulkLabel { image_ids: ids.to_vec(), label_id: label };
        let _: Changed = client::send_json(Method::POST, &format!("/projects/{project}/images/label"), &body).await?;
    }
    Ok(())
}

/// Deletes images; [`restore`] brings them back for a day.
pub async fn delete(project: ProjectId, ids: &[ImageId]) -> ApiResult<()> {
    change(project, ids, "delete").await
}

/// Brings deleted images back.
pub async fn restore(project: ProjectId, ids: &[ImageId]) -> ApiResult<()> {
    change(project, ids, "restore").await
}

/// Notes that the label which an image has is right, whatever a model says, or takes that back.
pub async fn confirm(project: ProjectId, id: ImageId, confirmed: bool) -> ApiResult<()> {
    let body = Confirmation { image_ids: vec![id], confirmed };
    client::send_json(Method::POST, &format!("/projects/{project}/images/confirm"), &body).await.map(|_: Changed| ())
}

async fn change(project: ProjectId, ids: &[ImageId], change: &str) -> ApiResult<()> {
    for ids in ids.chunks(limits::IDS_PER_REQUEST) {
        let body = ImageIds { image_ids: ids.to_vec() };
        let path = format!("/projects/{project}/images/{change}");
        let _: Changed = client::send_json(Method::POST, &path, &body).await?;
    }
    Ok(())
}
