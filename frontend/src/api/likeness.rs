//! What images have in common.

use super::client::{self, ApiResult, PageQuery};
use dto::{
    ProjectId,
    likeness::{Duplicates, ImageMap},
};

/// One page of the groups of images that are nearly the same.
pub async fn duplicates(project: ProjectId, cursor: Option<String>) -> ApiResult<Duplicates> {
    client::get_with(&format!("/projects/{project}/duplicates"), &PageQuery { cursor, limit: None }).await
}

/// All images on a plane.
pub async fn map(project: ProjectId) -> ApiResult<ImageMap> {
    client::get(&format!("/projects/{project}/map")).await
}
