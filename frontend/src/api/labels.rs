//! Labels of a project.

use super::client::{self, ApiResult};
use dto::{
    LabelId, ProjectId,
    label::{Label, LabelChange, NewLabel},
};
use gloo_net::http::Method;

pub async fn list(project: ProjectId) -> ApiResult<Vec<Label>> {
    client::get_all(&format!("/projects/{project}/labels")).await
}

pub async fn create(project: ProjectId, name: &str) -> ApiResult<Label> {
    let label = NewLabel { name: name.into(), color: None };
    client::send_json(Method::POST, &format!("/projects/{project}/labels"), &label).await
}

/// Renames, recolours or moves a label.
pub async fn change(id: LabelId, change: &LabelChange) -> ApiResult<Label> {
    client::send_json(Method::PATCH, &format!("/labels/{id}"), change).await
}

/// Deletes a label; its images stay, without a label.
pub async fn delete(id: LabelId) -> ApiResult<()> {
    client::send_bare(Method::DELETE, &format!("/labels/{id}")).await
}
