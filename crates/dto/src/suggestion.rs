//! Labels that a model suggests for images that have none.

use crate::{ImageId, LabelId, ModelId};
use serde::{Deserialize, Serialize};

/// A label suggested for an unlabelled image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestion {
    pub image_id: ImageId,
    pub file_name: String,
    pub label: String,
    pub label_id: LabelId,
    /// 0 to 1.
    pub probability: f64,
    /// Whether the model had better not be believed.
    pub unsure: bool,
}

/// Which suggestions come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SuggestionOrder {
    /// Those to accept.
    #[default]
    MostCertain,
    /// Those to label oneself: the model learns most from them.
    MostUncertain,
}

/// The query of `GET /projects/{id}/suggestions`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct SuggestionQuery {
    /// The most certain first unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(inline))]
    pub order: Option<SuggestionOrder>,
    /// Only suggestions of this label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelId>,
    /// Only suggestions of at least this probability, 0 to 1, that are not unsure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items on the page: 100 unless given, 500 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
}

/// A page of suggestions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggestions {
    /// The model that they come from: the newest instant one, a draft included.
    pub model_id: ModelId,
    /// How many there are on all pages.
    pub total: u64,
    /// Unlabelled images that the model can't say anything about yet, because the server has not looked at them.
    pub pending: u64,
    pub items: Vec<Suggestion>,
    pub next_cursor: Option<String>,
}

/// The body of `POST /projects/{id}/suggestions/accept`: which suggestions to write as labels. Of several conditions all
/// have to hold; there must be at least one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptSuggestions {
    /// The model that the suggestions were seen from: with another one they may differ.
    pub model_id: ModelId,
    /// Those of these images; 10,000 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_ids: Option<Vec<ImageId>>,
    /// Those of at least this probability, 0 to 1, that are not unsure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Those of this label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_id: Option<LabelId>,
}

/// Images that were given one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accepted {
    pub label_id: LabelId,
    pub image_ids: Vec<ImageId>,
}

/// What was written, by label: enough to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptedSuggestions {
    pub changed: u64,
    pub labels: Vec<Accepted>,
}
