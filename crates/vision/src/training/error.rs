//! Why a training run did not end with a model.

use crate::backbone::WeightsError;
use thiserror::Error;

/// Each message is for the person who pressed Train.
#[derive(Debug, Error)]
pub enum TrainError {
    #[error("There is nothing to tell apart yet: give pictures at least two different labels.")]
    TooFewLabels,
    #[error(
        "Some pictures became numbers that can't be learned from. Delete the newest pictures and upload them again."
    )]
    NotFinite,
    #[error("The training set does not fit together: {0}.")]
    Malformed(&'static str),
    #[error("The network's numbers grew beyond all bounds. Train again with another seed, or in the instant mode.")]
    Diverged,
    #[error("The weights that the run began with have been replaced. Train again.")]
    OtherWeights,
    #[error("The backbone's weights can't be used: {0}. Tell the operator.")]
    Weights(WeightsError),
    #[error("The pictures could not be read back: {0}. Train again.")]
    Crops(#[from] std::io::Error),
    #[error("What an earlier attempt had learned can't be used: {0}. Train again.")]
    Checkpoint(String),
    #[error("The training was stopped.")]
    Cancelled,
    #[error("The training was interrupted. Start it again.")]
    Interrupted,
    #[error("The training failed inside: {0}. Start it again.")]
    Torch(#[from] tch::TchError),
}
