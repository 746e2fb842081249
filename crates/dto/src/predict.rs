//! Predictions on pictures that need not be stored.

use crate::{LabelId, ModelId, Problem};
use serde::{Deserialize, Serialize};

/// How likely one label is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelProbability {
    /// The label's name of now, or of training for one deleted since.
    pub label: String,
    pub label_id: LabelId,
    /// 0 to 1; those of one picture add up to 1.
    pub probability: f64,
}

/// What the model says of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prediction {
    pub file_name: String,
    /// The most likely label, even when unsure; null when the file could not be read.
    pub label: Option<String>,
    pub label_id: Option<LabelId>,
    /// Of `label`, 0 to 1.
    pub probability: Option<f64>,
    /// Whether the model had better be asked twice; null when the file could not be read.
    pub unsure: Option<bool>,
    /// All labels, the most likely first.
    pub probabilities: Vec<LabelProbability>,
    /// The label that the request said is true.
    pub expected: Option<String>,
    /// Whether `label` is `expected`; null without `expected`, or when the file could not be read.
    pub correct: Option<bool>,
    pub problem: Option<Problem>,
}

/// The answer to a prediction request: one item per file, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Predictions {
    pub model_id: ModelId,
    pub items: Vec<Prediction>,
    /// The share of readable files that were right, 0 to 1; null without `expected`.
    pub accuracy: Option<f64>,
}
