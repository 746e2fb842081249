//! Fine-tuning: the whole network learns, from the pictures themselves.
//!
//! The recipe is the customary one for transfer learning: stochastic gradient descent (`sgd`) in batches of 32, pictures
//! mirrored at random (`batches`), a fifth held out to judge each epoch by, the best epoch kept. The head does not begin
//! with random numbers but with what instant training finds on the pretrained embeddings: Kumar et al., "Fine-Tuning can
//! Distort Pretrained Features and Underperform Out-of-Distribution", 2022, arXiv:2202.10054.

mod batches;
mod checkpoint;
mod crops;
mod evaluation;
mod layer;
mod network;
mod progress;
mod run;
mod sgd;

pub use checkpoint::Checkpoint;
pub use crops::CropFile;
pub(crate) use run::fine_tune;

use crate::{backbone::Compute, training::TrainingSet};
use dto::model::{Backbone, Settings};
use std::path::PathBuf;

/// What a run of fine-tuning is asked to do.
pub struct FineTuning {
    pub backbone: Backbone,
    /// The pretrained embeddings, which say what is a near-duplicate of what, and where the head begins.
    pub set: TrainingSet,
    /// The pictures, in the order of the set.
    pub crops: CropFile,
    pub settings: Settings,
    /// Where an earlier attempt got to.
    pub resume: Option<Checkpoint>,
}

/// A run and the pretrained weights that it starts from.
pub(crate) struct Start {
    pub tuning: FineTuning,
    pub weights: PathBuf,
    pub weights_sha256: String,
    pub compute: Compute,
}
