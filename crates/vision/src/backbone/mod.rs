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
