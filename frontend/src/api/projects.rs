//! Projects.

use super::client::{self, ApiResult, PageQuery};
use dto::{
    ModelId, Page, ProjectId,
    project::{NewProject, Project, ProjectChange},
};
use gloo_net::http::Method;

/// One page, newest first.
pub async fn list(cursor: Option<String>, limit: u32) -> ApiResult<Page<Project>> {
    client::get_page("/projects", &PageQuery { cursor, limit: Some(limit) }).await
}

/// All of them.
pub async fn list_all() -> ApiResult<Vec<Project>> {
    client::get_all("/projects").await
}

pub async fn get(id: ProjectId) -> ApiResult<Project> {
    client::get(&format!("/projects/{id}")).await
}

pub async fn create(name: &str) -> ApiResult<Project> {
    client::send_json(Method::POST, "/projects", &NewProject { name: name.into() }).await
}

pub async fn rename(id: ProjectId, name: &str) -> ApiResult<Project> {
    let change = ProjectChange { name: Some(name.into()), ..Default::default() };
    client::send_json(Method::PATCH, &format!("/projects/{id}"), &change).await
}

/// Has the project predict with this model; with the newest that is ready for `None`.
pub async fn choose_model(id: ProjectId, model: Option<ModelId>) -> ApiResult<Project> {
    let change = ProjectChange { active_model_id: Some(model), ..Default::default() };
    client::send_json(Method::PATCH, &format!("/projects/{id}"), &change).await
}

/// Whether a draft is trained anew after labels have changed.
pub async fn learn_as_labelled(id: ProjectId, learns: bool) -> ApiResult<Project> {
    let change = ProjectChange { learns_as_labelled: Some(learns), ..Default::default() };
    client::send_json(Method::PATCH, &format!("/projects/{id}"), &change).await
}

/// Deletes a project with everything in it.
pub async fn delete(id: ProjectId) -> ApiResult<()> {
    client::send_bare(Method::DELETE, &format!("/projects/{id}")).await
}
