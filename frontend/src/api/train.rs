//! Training runs, the models that come of them, and what a model says of its images.

use super::client::{self, ApiResult};
use dto::{
    ModelId, Page, ProjectId,
    model::{Model, TrainRequest},
    result::{ImageResult, ResultQuery},
};
use gloo_net::http::Method;
use serde::Serialize;

/// Starts a run with the server's defaults.
pub async fn start(project: ProjectId) -> ApiResult<Model> {
    client::send_json(Method::POST, &format!("/projects/{project}/train"), &TrainRequest::default()).await
}

pub async fn cancel(id: ModelId) -> ApiResult<()> {
    client::send_bare(Method::POST, &format!("/models/{id}/cancel")).await
}

pub async fn get(id: ModelId) -> ApiResult<Model> {
    client::get(&format!("/models/{id}")).await
}

#[derive(Serialize)]
struct ListQuery<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
}

/// One page of a project's models, newest first.
pub async fn list(project: ProjectId, cursor: Option<&str>) -> ApiResult<Page<Model>> {
    client::get_page(&format!("/projects/{project}/models"), &ListQuery { cursor }).await
}

/// One page of what a model says of its images, the surest first.
pub async fn results(id: ModelId, query: &ResultQuery) -> ApiResult<Page<ImageResult>> {
    client::get_page(&format!("/models/{id}/results"), query).await
}
