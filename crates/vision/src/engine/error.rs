//! Why the engine could not answer.

use dto::model::Backbone;
use std::io;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum EngineError {
    /// Asked for a backbone that is not there; [`super::Engine::backbones`] says why.
    #[error("{} can't be used: {problem}", .backbone.title())]
    WeightsMissing { backbone: Backbone, problem: String },
    /// The fine-tuned backbone is not in memory: ask again, with its file.
    #[error("the model's own backbone is not loaded")]
    NotLoaded,
    #[error("the file of the model's own backbone can't be used: {0}")]
    TunedFile(String),
    #[error("the engine could not be started: {0}")]
    Start(#[from] io::Error),
    #[error("the engine has stopped")]
    Stopped,
    #[error("the pictures could not be embedded: {0}")]
    Forward(String),
    #[error("the pictures could not be compared: {0}")]
    Analysis(String),
}
