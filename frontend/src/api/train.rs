//! Training runs, the models that come of them, and what a model says of its images.

use super::client::{self, ApiResult, PageQuery};
use dto::{
    ModelId, Page, ProjectId,
    model::{Model, ModelChange, TrainRequest},
    result::{ImageResult, ResultQuery},
};
use gloo_net::http::Method;

/// Starts a run.
pub async fn start(project: ProjectId, request: &TrainRequest) -> ApiResult<Model> {
    client::send_json(Method::POST, &format!("/projects/{project}/train"), request).await
}

pub async fn cancel(id: ModelId) -> ApiResult<()> {
    client::send_bare(Method::POST, &format!("/models/{id}/cancel")).await
}

pub async fn get(id: ModelId) -> ApiResult<Model> {
    client::get(&format!("/models/{id}")).await
}

/// One page of a project's models, newest first.
pub async fn list(project: ProjectId, cursor: Option<String>) -> ApiResult<Page<Model>> {
    client::get_page(&format!("/projects/{project}/models"), &PageQuery { cursor, limit: None }).await
}

pub async fn rename(id: ModelId, name: &str) -> ApiResult<Model> {
    client::send_json(Method::PATCH, &format!("/models/{id}"), &ModelChange { name: name.into() }).await
}

/// Deletes a model; a run that is under way stops.
pub async fn delete(id: ModelId) -> ApiResult<()> {
    client::send_bare(Method::DELETE, &format!("/models/{id}")).await
}

/// One page of what a model says of its images, the surest first.
pub async fn results(id: ModelId, query: &ResultQuery) -> ApiResult<Page<ImageResult>> {
    client::get_page(&format!("/models/{id}/results"), query).await
}
