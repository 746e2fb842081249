//! Pixels to knowledge: the only crate that names libtorch. It knows no HTTP and no SQL.
//!
//! The way of a picture: [`mod@decode`] the bytes, make a [`mod@thumbnail`], [`mod@preprocess`] it to a square, and let
//! the [`engine`] embed it. The way of a model: the engine trains a [`head`] on embeddings ([`instant`]), or
//! the whole network on pictures ([`finetune`]), with folds ([`folds`]) that keep near-duplicates ([`duplicates`]) together, so that its accuracy ([`evaluate`]) can be believed.

mod backbone;
pub mod ceiling;
mod classifier;
pub mod decode;
pub mod duplicates;
pub mod engine;
pub mod evaluate;
mod explain;
pub mod finetune;
pub mod folds;
pub mod head;
pub mod instant;
pub mod preprocess;
mod projection;
pub mod thumbnail;
pub mod training;

pub use backbone::{Compute, Embedding, Precision, Processor, WeightsError, check_weights};
pub use classifier::{Answer, Classifier, is_whole_file};
pub use decode::{DecodeError, Decoded, Format, Header, Limits, decode, decode_reduced, probe};
pub use engine::{BackboneStatus, Engine, EngineConfig, EngineError, Purpose, Tuned};
pub use explain::{ExplainError, HeatMap};
pub use finetune::{Checkpoint, CropFile, FineTuning};
pub use head::{Head, HeadError};
pub use preprocess::{Crop, MIRRORED, PREPROCESSING, SHORT_SIDE, preprocess};
pub use thumbnail::{ThumbnailError, thumbnail};
pub use training::{ImagePrediction, Nobody, Observer, TrainError, Trained, TrainingSet};
