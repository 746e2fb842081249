//! Labels that a model suggests for images without one.

use super::client::{self, ApiResult};
use dto::{
    ProjectId,
    suggestion::{AcceptSuggestions, AcceptedSuggestions, SuggestionQuery, Suggestions},
};
use gloo_net::http::Method;

pub async fn list(project: ProjectId, query: &SuggestionQuery) -> ApiResult<Suggestions> {
    client::get_with(&format!("/projects/{project}/suggestions"), query).await
}

/// Writes suggested labels.
pub async fn accept(project: ProjectId, which: &AcceptSuggestions) -> ApiResult<AcceptedSuggestions> {
    client::send_json(Method::POST, &format!("/projects/{project}/suggestions/accept"), which).await
}
