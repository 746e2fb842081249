//! Projects.

use crate::{ImageId, ModelId, ProjectId, Timestamp, serde_help::missing_or_null};
use serde::{Deserialize, Serialize};

/// A project and what is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub created_at: Timestamp,
    pub image_count: u64,
    /// How many of the images have a label.
    pub labelled_count: u64,
    pub label_count: u64,
    /// The newest model, whatever its status.
    pub latest_model_id: Option<ModelId>,
    /// The model that the project predicts with: the one chosen, else the newest that is ready.
    pub active_model_id: Option<ModelId>,
    /// When the newest model that is ready was.
    pub last_trained_at: Option<Timestamp>,
    /// The newest image, to know the project by.
    pub cover_image_id: Option<ImageId>,
    /// Whether a draft model is trained anew after labels have changed.
    pub learns_as_labelled: bool,
    /// The draft of those, if it is newer than every version: what suggestions come from.
    pub draft_model_id: Option<ModelId>,
}

/// The body of `POST /projects`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewProject {
    /// 1 to 100 characters.
    pub name: String,
}

/// The body of `PATCH /projects/{id}`: what is missing stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The model to predict with, one of the project's that is ready; null for the newest that is ready.
    #[serde(default, deserialize_with = "missing_or_null", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<ModelId>))]
    pub active_model_id: Option<Option<ModelId>>,
    /// Whether to train a draft anew after labels have changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learns_as_labelled: Option<bool>,
}
