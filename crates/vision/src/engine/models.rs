//! The backbones that this process has, and why it lacks the others.

use super::EngineError;
use crate::{
    backbone::{Compute, Network, Processor, Weights, WeightsError, WeightsFile},
    preprocess::Crop,
};
use dto::model::Backbone;
use std::path::{Path, PathBuf};

/// Whether a backbone can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackboneStatus {
    pub backbone: Backbone,
    /// Of the file of weights, in hexadecimal; part of an embedding's key.
    pub weights_sha256: Option<String>,
    /// Why it can't be used, a sentence for the operator.
    pub problem: Option<String>,
}

/// A backbone in the two ways that it is used.
pub struct Model {
    pub backbone: Backbone,
    /// For predictions: 32-bit, so that they agree with an exported model.
    pub exact: Network,
    /// For embeddings to be stored, where the machine has something faster.
    pub fast: Option<Network>,
}

/// Loads what can be loaded; a backbone without a usable file is reported, never replaced and never random. Embeddings to be
/// stored are made as `wished`, unless this machine can't: the last value tells how.
pub fn load(weights: &[(Backbone, PathBuf)], wished: Compute) -> (Vec<Model>, Vec<BackboneStatus>, Compute) {
    let (mut models, mut compute) = (Vec::new(), wished);
    let statuses = Backbone::ALL.map(|backbone| {
        let path = weights.iter().find(|(of, _)| *of == backbone).map(|(_, path)| path.as_path());
        match path.map(|path| (path, load_one(backbone, path, &mut compute))) {
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
    (models, statuses.into(), compute)
}

fn load_one(backbone: Backbone, path: &Path, compute: &mut Compute) -> Result<(Model, String), WeightsError> {
    let file = WeightsFile::read(path)?;
    let tensors = file.tensors()?;
    let exact = Network::load(backbone, &tensors, Compute::EXACT)?;
    if compute.processor == Processor::Cuda
        && let Err(problem) = try_out(backbone, &tensors, *compute, &exact)
    {
        tracing::warn!("the graphics card is left alone: {problem}");
        *compute = Compute::on(Processor::Cpu);
    }
    let fast = match *compute {
        Compute::EXACT => None,
        faster => Some(Network::load(backbone, &tensors, faster)?),
    };
    Ok((Model { backbone, exact, fast }, file.sha256().to_owned()))
}

/// How much an embedding made in another way has to be like the exact one: the cosine of the angle between them.
const ALIKE: f32 = 0.999;

/// Has a picture embedded in a way that depends on a machine's drivers. Whatever is wrong with them is found out here, and not
/// by the first person's pictures.
fn try_out(backbone: Backbone, weights: &Weights, compute: Compute, exact: &Network) -> Result<(), String> {
    let picture: Vec<u8> = (0..Crop::BYTES).map(|place| (place / 97 % 256) as u8).collect();
    let wrong = |error: &dyn std::fmt::Display| error.to_string();
    let network = Network::load(backbone, weights, compute).map_err(|error| wrong(&error))?;
    let [ours, theirs] = [exact, &network].map(|network| network.embed(&[&picture]));
    let (ours, theirs) =
        (ours.map_err(|error| wrong(&error))?.concat(), theirs.map_err(|error| wrong(&error))?.concat());
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let cosine = product(&ours, &theirs) / (product(&ours, &ours) * product(&theirs, &theirs)).sqrt();
    // Not a number is not alike either.
    if cosine >= ALIKE { Ok(()) } else { Err(format!("it computes something else, with a cosine of {cosine}")) }
}

/// The error of asking for a backbone that is not there.
pub fn missing(backbone: Backbone, statuses: &[BackboneStatus]) -> EngineError {
    let problem = statuses.iter().find(|status| status.backbone == backbone).and_then(|status| status.problem.clone());
    EngineError::WeightsMissing { backbone, problem: problem.unwrap_or_default() }
}
