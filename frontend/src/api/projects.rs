//! Projects.

use super::client::{self, ApiResult};
use dto::{
    ProjectId,
    project::{NewProject, Project, ProjectChange},
};
use gloo_net::http::Method;

pub async fn list() -> ApiResult<Vec<Project>> {
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
