//! What a model says of each image it was trained on.

use crate::{ImageId, LabelId};
use serde::{Deserialize, Serialize};

/// A model's opinion of one training image. Labels deleted since are under the name they had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageResult {
    pub image_id: ImageId,
    pub file_name: String,
    /// The name of the label that the image had when the run began.
    pub label_at_training: String,
    pub label_at_training_id: LabelId,
    /// The name of the label that the image has now.
    pub current_label: Option<String>,
    pub current_label_id: Option<LabelId>,
    /// The name of the label that the model predicts.
    pub predicted: String,
    pub predicted_id: LabelId,
    /// Of the predicted label, 0 to 1.
    pub probability: f64,
    /// Whether the prediction comes from a model that had not learned from this image.
    pub out_of_fold: bool,
    /// Whether somebody has looked at the label that the image has now and found it right.
    pub confirmed: bool,
}

/// The query of `GET /models/{id}/results`. The surest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ResultQuery {
    /// Only images whose prediction differs from the label they have now, which nobody has confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mistakes: Option<bool>,
    /// Only images that have this label now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelId>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items on the page: 100 unless given, 500 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
}
