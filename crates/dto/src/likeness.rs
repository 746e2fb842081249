//! What images have in common: near-duplicates, and where each lies on a map of all.

use crate::{ImageId, LabelId};
use serde::{Deserialize, Serialize};

/// An image of a group or of the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LikeImage {
    pub image_id: ImageId,
    pub file_name: String,
    pub label_id: Option<LabelId>,
}

/// Images that are nearly the same: of one burst, or one picture at several sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DuplicateGroup {
    /// Two or more, the oldest first.
    pub images: Vec<LikeImage>,
    /// Whether they have different labels: at least one of those must be wrong, or the labels can't be told apart.
    pub conflict: bool,
}

/// The answer to `GET /projects/{id}/duplicates`: conflicts first, then the largest groups first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Duplicates {
    pub items: Vec<DuplicateGroup>,
    pub next_cursor: Option<String>,
    /// Of all groups.
    pub groups: u64,
    pub conflicts: u64,
    /// Images that were compared, and images that the server has not looked at yet.
    pub compared: u64,
    pub pending: u64,
}

/// An image on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MapPoint {
    pub image_id: ImageId,
    pub label_id: Option<LabelId>,
    /// -1 to 1; images that look alike to the network lie close together. The axes have no meaning.
    pub x: f32,
    pub y: f32,
}

/// The answer to `GET /projects/{id}/map`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageMap {
    /// All images that the server has looked at, or of more than 20,000 as many evenly spread.
    pub items: Vec<MapPoint>,
    /// Always null: a map is one page.
    pub next_cursor: Option<String>,
    /// Images that the server has not looked at yet.
    pub pending: u64,
}
