//! The backbones that this process has, and why it lacks the others.

use super::EngineError;
use crate::backbone::{Network, Precision, WeightsError, WeightsFile};
use dto::model::Backbone;
use std::path::{Path, PathBuf};
use tch::Kind;

/// Whether a backbone can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackboneStatus {
    pub backbone: Backbone,
    /// Of the file of weights, in hexadecimal; part of an embedding's key.
    pub weights_sha256: Option<String>,
    /// Why it can't be used, a sentence for the operator.
    pub problem: Option<String>,
}

/// A backbone in the two precisions that it is used in.
pub struct Model {
    pub backbone: Backbone,
    /// For predictions: 32-bit, so that they agree with an exported model.
    pub exact: Network,
    /// For embeddings to be stored, where the CPU has something faster.
    pub fast: Option<Network>,
}

/// Loads what can be loaded; a backbone without a usable file is reported, never replaced and never random.
pub fn load(weights: &[(Backbone, PathBuf)], precision: Precision) -> (Vec<Model>, Vec<BackboneStatus>) {
    let mut models = Vec::new();
    let statuses = Backbone::ALL.map(|backbone| {
        let path = weights.iter().find(|(of, _)| *of == backbone).map(|(_, path)| path.as_path());
        match path.map(|path| (path, load_one(backbone, path, precision))) {
            Some((_, Ok((model, sha256)))) => {
                models.push(model);
                BackboneStatus { backbone, weights_sha256: Some(sha256), problem: None }
            }
            Some((path, Err(error))) => {
                let problem = format!("the weights {} can't be used: {error}", path.display());
                BackboneStatus { backbone, weights_sha256: None, problem: Some(problem) }
            }
            None => {
                let problem = "no file of weights was named".to_owned();
                BackboneStatus { backbone, weights_sha256: None, problem: Some(problem) }
            }
        }
    });
    (models, statuses.into())
}

fn load_one(backbone: Backbone, path: &Path, precision: Precision) -> Result<(Model, String), WeightsError> {
    let file = WeightsFile::read(path)?;
    let tensors = file.tensors()?;
    let model = Model {
        backbone,
        exact: Network::load(backbone, &tensors, Kind::Float)?,
        fast: match precision {
            Precision::Float32 => None,
            Precision::Bfloat16 => Some(Network::load(backbone, &tensors, precision.kind())?),
        },
    };
    Ok((model, file.sha256().to_owned()))
}

/// The error of asking for a backbone that is not there.
pub fn missing(backbone: Backbone, statuses: &[BackboneStatus]) -> EngineError {
    let problem = statuses.iter().find(|status| status.backbone == backbone).and_then(|status| status.problem.clone());
    EngineError::WeightsMissing { backbone, problem: problem.unwrap_or_default() }
}
