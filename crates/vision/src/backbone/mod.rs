//! The pretrained networks: files of weights (`weights`), layers (`conv`, `resnet18`, `efficientnet_lite0`),
//! and a network as a whole (`network`).

mod compute;
mod conv;
mod efficientnet_lite0;
mod network;
mod precision;
mod resnet18;
mod weights;

pub use compute::{Compute, Processor};
pub use conv::{ConvSpec, Layer, channels_last};
pub use network::{Body, Embedding, Network, Normalisation, build, pool};
pub use precision::Precision;
pub use weights::{Weights, WeightsError, WeightsFile};

use dto::model::Backbone;

/// Whether bytes are a file of weights for this backbone.
///
/// # Errors
/// Why they are not.
pub fn check_weights(backbone: Backbone, bytes: Vec<u8>) -> Result<(), WeightsError> {
    Network::load(backbone, &WeightsFile::new(bytes).tensors()?, Compute::EXACT).map(drop)
}
