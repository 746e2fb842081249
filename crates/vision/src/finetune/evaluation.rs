//! What the best network of a run says of every picture, and how far that can be believed.

use super::{
    Start,
    batches::{self, BATCH},
    network::State,
    progress::Pictures,
    run::Split,
};
use crate::{
    backbone::{Network, WeightsFile},
    preprocess::Crop,
    training::{Asked, Measured, Observer, TrainError, Trained, TrainingSet},
};
use dto::model::{AccuracyKind, Epoch};

/// Asks the best network about every picture, in the form that it will predict in.
pub fn evaluate(
    start: &Start,
    split: &Split,
    best: &State,
    epochs: Vec<Epoch>,
    observer: &mut dyn Observer,
) -> Result<Trained, TrainError> {
    let set = &start.tuning.set;
    let file = WeightsFile::new(best.backbone_file().map_err(|error| TrainError::Checkpoint(error.to_string()))?);
    let weights = file.tensors().map_err(TrainError::Weights)?;
    let network = Network::load(start.tuning.backbone, &weights, start.compute).map_err(TrainError::Weights)?;
    let [weight, bias] = best.head();
    let mut logits = Vec::with_capacity(set.images() * set.classes);
    let mut embeddings = Vec::with_capacity(set.embeddings.len());
    let mut progress = Pictures::new(set.images());
    for batch in (0..set.images()).collect::<Vec<_>>().chunks(BATCH) {
        progress.tell(observer)?;
        let pixels = batches::read(&start.tuning.crops, batch)?;
        for embedding in network.embed(&pixels.chunks_exact(Crop::BYTES).collect::<Vec<_>>())? {
            let dot = |row: &[f32]| row.iter().zip(&embedding).map(|(weight, number)| weight * number).sum::<f32>();
            logits.extend(weight.chunks_exact(set.dimensions).zip(bias).map(|(row, bias)| dot(row) + bias));
            embeddings.extend_from_slice(&embedding);
        }
        progress.done += batch.len();
    }
    if !logits.iter().all(|logit| logit.is_finite()) {
        return Err(TrainError::Diverged);
    }
    let mut folds = vec![None; set.images()];
    split.held_out.iter().for_each(|&image| folds[image] = Some(0));
    let comparable: Vec<bool> = folds.iter().map(Option::is_none).collect();
    let seen = TrainingSet { embeddings, mirrored: Vec::new(), targets: set.targets.clone(), ..*set };
    let measured = Measured::of(&Asked { set: &seen, logits: &logits, folds: &folds, comparable: &comparable })?;
    let learned_right = split.learned.iter().filter(|&&i| measured.predictions[i].predicted == set.targets[i]).count();
    Ok(Trained {
        classifier: measured.calibrate(weight.to_vec(), bias.to_vec(), set.dimensions)?,
        backbone: Some(file.into_bytes()),
        accuracy: measured.accuracy,
        accuracy_interval: measured.accuracy_interval,
        accuracy_kind: measured.accuracy.map(|_| AccuracyKind::HeldOut),
        predictions: measured.predictions,
        training_accuracy: learned_right as f64 / split.learned.len() as f64,
        epochs,
    })
}
