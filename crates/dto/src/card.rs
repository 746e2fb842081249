//! A model's card: what it was made of and how, which is what one needs to make it again.

use crate::{
    ModelId,
    label::LabelRef,
    model::{Backbone, Mode, Settings},
};
use serde::{Deserialize, Serialize};

/// The answer to `GET /models/{id}/card`. The same images under the same labels in the same order (`dataset_sha256`), the
/// same weights, preprocessing, settings and software give the same model, to the last bit in the instant mode on the
/// same kind of CPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelCard {
    pub model_id: ModelId,
    /// In the order of the model's outputs, under their names when it was trained.
    pub labels: Vec<LabelRef>,
    pub mode: Mode,
    pub backbone: Backbone,
    /// Of the backbone's pretrained weights, in hexadecimal.
    pub weights_sha256: String,
    /// Of the file of a fine-tuned model's own network, in hexadecimal; none for others, and for those of earlier versions.
    #[serde(default)]
    pub network_sha256: Option<String>,
    /// How pictures were cut and resized.
    pub preprocessing: String,
    pub settings: Settings,
    /// How labels of different size are weighed: `balanced` lets each count the same.
    #[serde(default)]
    pub label_weights: String,
    pub images: usize,
    /// SHA-256 over the content hash and the label of every image, in the order learned.
    pub dataset_sha256: String,
    pub accuracy: Option<f64>,
    pub accuracy_interval: Option<[f64; 2]>,
    pub training_accuracy: f64,
    /// How many epochs there were.
    pub epochs: usize,
    /// The program and its version.
    pub software: String,
}
