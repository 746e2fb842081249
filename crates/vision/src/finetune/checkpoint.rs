//! What a run goes on from when its process ended: the network, the optimiser's memory, the best network yet and the
//! epochs so far, in one file of safetensors.

use super::{
    network::{LearnedNetwork, State, Stored, serialize},
    sgd::Sgd,
};
use crate::{
    backbone::{WeightsError, WeightsFile},
    training::TrainError,
};
use dto::model::Epoch;
use safetensors::SafeTensors;
use std::collections::HashMap;

/// Prefixes of the tensors.
const NOW: &str = "now.";
const VELOCITY: &str = "velocity.";
const BEST: &str = "best.";
/// The metadata that holds the epochs, as JSON.
const EPOCHS: &str = "epochs";

/// A checkpoint that has been read.
pub struct Checkpoint {
    file: WeightsFile,
    pub epochs: Vec<Epoch>,
}

/// Writes one. Without `best` the network as it is now is the best yet.
pub fn write(network: &State, sgd: &Sgd, best: Option<&State>, epochs: &[Epoch]) -> Result<Vec<u8>, TrainError> {
    let velocities = sgd.state()?;
    let named = |prefix: &'static str| move |tensor: &'_ Stored| format!("{prefix}{}", tensor.name);
    let now = network.0.iter().map(|tensor| (named(NOW)(tensor), tensor));
    let velocities = velocities.iter().map(|tensor| (named(VELOCITY)(tensor), tensor));
    let best = best.into_iter().flat_map(|state| &state.0).map(|tensor| (named(BEST)(tensor), tensor));
    let epochs = serde_json::to_string(epochs).map_err(|error| TrainError::Checkpoint(error.to_string()))?;
    serialize(now.chain(velocities).chain(best), Some(HashMap::from([(EPOCHS.to_owned(), epochs)])))
        .map_err(|error| TrainError::Checkpoint(error.to_string()))
}

impl Checkpoint {
    /// Reads what [`write`] wrote; a damaged file is an error.
    pub fn read(bytes: Vec<u8>) -> Result<Self, TrainError> {
        let damaged = |error: &dyn std::fmt::Display| TrainError::Checkpoint(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(|error| damaged(&error))?;
        let epochs = metadata.metadata().as_ref().and_then(|texts| texts.get(EPOCHS));
        let epochs = epochs.ok_or_else(|| damaged(&"it has no epochs"))?;
        let epochs = serde_json::from_str(epochs).map_err(|error| damaged(&error))?;
        SafeTensors::deserialize(&bytes).map_err(|error| damaged(&error))?;
        Ok(Self { file: WeightsFile::new(bytes), epochs })
    }

    /// Puts network and optimiser back to where they were, and returns the best network until then.
    pub fn restore(&self, network: &mut LearnedNetwork, sgd: &mut Sgd) -> Result<State, TrainError> {
        let weights = self.file.tensors().map_err(TrainError::Weights)?;
        let best = match network.restore(&weights, BEST) {
            Ok(()) => Some(network.state()?),
            Err(TrainError::Weights(WeightsError::NoTensor(_))) => None,
            Err(error) => return Err(error),
        };
        network.restore(&weights, NOW)?;
        sgd.restore(&weights, VELOCITY)?;
        Ok(best.map_or_else(|| network.state(), Ok)?)
    }
}
