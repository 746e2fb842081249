//! What both ways of training share: what is learned from (`set`), who follows a run, when it ends (`stopping`), and
//! what is known of a model in the end (`measured`, `confidence`, `label_errors`, `doubt`, `neighbours`).

mod confidence;
mod doubt;
mod error;
mod label_errors;
mod measured;
mod neighbours;
mod set;
mod stopping;

pub use doubt::{Case, Doubt};
pub use error::TrainError;
pub use label_errors::Suspicion;
pub use neighbours::{Neighbours, Opinion};
pub use set::TrainingSet;

pub(crate) use confidence::likeliest;
pub(crate) use measured::{Asked, Measured};
pub(crate) use stopping::Stopping;

use crate::Classifier;
use dto::model::{AccuracyKind, Epoch, Phase, Progress};

/// Who follows a run.
pub trait Observer: Send {
    /// The run enters a phase.
    fn phase(&mut self, phase: Phase);
    /// An epoch is over.
    fn epoch(&mut self, epoch: &Epoch);
    /// So many pictures of the epoch under way have been looked at. Only fine-tuning takes long enough to say so.
    fn progress(&mut self, _: Progress) {}
    /// Something to go on from, should the process end. Only fine-tuning takes long enough to need it.
    fn checkpoint(&mut self, _: Vec<u8>) {}
    /// Asked often; `true` ends the run with [`TrainError::Cancelled`].
    fn cancelled(&self) -> bool;
}

/// Follows no run.
pub struct Nobody;

impl Observer for Nobody {
    fn phase(&mut self, _: Phase) {}
    fn epoch(&mut self, _: &Epoch) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// What a run says of one image that it was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImagePrediction {
    pub predicted: u32,
    /// Of the predicted label, and of the one it has, 0 to 1.
    pub probability: f64,
    pub given_probability: f64,
    /// Whether by a model that had not learned from the image; else by the final one, which had.
    pub out_of_fold: bool,
    /// How far its label can be believed; `None` unless out of fold.
    pub suspicion: Option<Suspicion>,
}

/// A model and what is known of it.
#[derive(Clone, Debug)]
pub struct Trained {
    pub classifier: Classifier,
    /// A file of the backbone's weights, safetensors under the names of the pretrained ones; `None` if they are those.
    pub backbone: Option<Vec<u8>>,
    /// In the order of the images.
    pub predictions: Vec<ImagePrediction>,
    /// Share of right answers on held-out images, 0 to 1, and its 95 % interval; `None` when none could be held out.
    pub accuracy: Option<f64>,
    pub accuracy_interval: Option<[f64; 2]>,
    pub accuracy_kind: Option<AccuracyKind>,
    /// Share of right answers of the final model on the images it learned from.
    pub training_accuracy: f64,
    pub epochs: Vec<Epoch>,
}
