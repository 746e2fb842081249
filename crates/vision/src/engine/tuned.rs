//! Fine-tuned backbones: each model has its own, so only those used last are kept in memory.

use super::{EngineError, embedder};
use crate::backbone::{Compute, Network, WeightsFile};
use bytes::Bytes;
use dto::{ModelId, model::Backbone};
use std::collections::VecDeque;

/// Networks kept: ResNet18 takes 45 MB.
const KEPT: usize = 4;

/// A fine-tuned backbone by the model that it belongs to.
#[derive(Clone)]
pub struct Tuned {
    pub model: ModelId,
    /// Its file; without it the engine answers [`EngineError::NotLoaded`] unless it still has the network.
    pub file: Option<Bytes>,
}

/// The networks used last, the latest first.
#[derive(Default)]
pub struct TunedModels(VecDeque<(ModelId, Network)>);

impl TunedModels {
    pub fn answer(&mut self, job: embedder::Job) {
        let Some(tuned) = &job.tuned else { return };
        match self.network(tuned, job.backbone) {
            Ok(network) => embedder::answer(network, vec![job]),
            // An error here only says that nobody waits any more.
            Err(error) => drop(job.reply.send(Err(error))),
        }
    }

    fn network(&mut self, tuned: &Tuned, backbone: Backbone) -> Result<&Network, EngineError> {
        let entry = match self.0.iter().position(|(model, _)| *model == tuned.model) {
            Some(at) => self.0.remove(at),
            None => None,
        };
        let entry = match (entry, &tuned.file) {
            (Some(entry), _) => entry,
            (None, None) => return Err(EngineError::NotLoaded),
            (None, Some(file)) => {
                let file = WeightsFile::new(file.to_vec());
                let network = file.tensors().and_then(|weights| Network::load(backbone, &weights, Compute::EXACT));
                (tuned.model, network.map_err(|error| EngineError::TunedFile(error.to_string()))?)
            }
        };
        self.0.push_front(entry);
        self.0.truncate(KEPT);
        Ok(&self.0[0].1)
    }
}
