//! Instant mode: the last layer alone, learned from stored embeddings in a fraction of a second.
//!
//! One run trains a head per fold and the final head at once (`heads`, `descent`), and measures itself on images that
//! were held out. The same embeddings, labels and settings give the same model to the bit on the same kind of CPU.

mod descent;
mod heads;

use crate::{
    duplicates, folds,
    training::{Asked, Measured, Observer, Stopping, TrainError, Trained, TrainingSet},
};
use descent::Descent;
use dto::model::{AccuracyKind, Epoch, Phase, Settings};
use heads::{Heads, Parameters, Pass};
use std::time::Instant;

/// Trains on the calling thread, which must be one of the engine's.
pub fn train(set: &TrainingSet, settings: &Settings, observer: &mut dyn Observer) -> Result<Trained, TrainError> {
    set.check()?;
    tch::no_grad(|| {
        observer.phase(Phase::Training);
        let groups = duplicates::group(&set.matrix()?, duplicates::NEAR)?;
        let folds = folds::split(&set.targets, &groups, settings.seed);
        let heads = Heads::new(set, &folds)?;
        let fitted = fit(&heads, settings, observer)?;
        observer.phase(Phase::Evaluating);
        measure(set, &folds, &heads, fitted)
    })
}

/// The parameters of the epoch that is kept, and the way there.
struct Fitted {
    best: Parameters,
    training_accuracy: f64,
    epochs: Vec<Epoch>,
}

fn fit(heads: &Heads, settings: &Settings, observer: &mut dyn Observer) -> Result<Fitted, TrainError> {
    let begun = Instant::now();
    let mut parameters = heads.zeros()?;
    let mut optimiser = Descent::new(heads, &parameters)?;
    let mut stopping = Stopping::new(settings);
    let mut pass = heads.pass(&parameters)?;
    let mut epochs: Vec<Epoch> = Vec::new();
    let mut best = None;
    for number in 0..settings.max_epochs {
        if observer.cancelled() {
            return Err(TrainError::Cancelled);
        }
        optimiser.step(&mut parameters, &pass.gradient)?;
        pass = heads.pass(&parameters)?;
        let elapsed = begun.elapsed().as_secs_f64();
        let epoch = report(number, &pass, elapsed, epochs.last());
        if !epoch.loss.is_finite() || epoch.validation_loss.is_some_and(|loss| !loss.is_finite()) {
            return Err(TrainError::NotFinite);
        }
        observer.epoch(&epoch);
        epochs.push(epoch);
        let verdict = stopping.judge(&epoch);
        if verdict.keep {
            best = Some((parameters.share(), pass.accuracy));
        }
        if verdict.stop {
            break;
        }
    }
    let (best, training_accuracy) = best.unwrap_or((parameters, pass.accuracy));
    Ok(Fitted { best, training_accuracy, epochs })
}

fn report(number: u32, pass: &Pass, elapsed_seconds: f64, before: Option<&Epoch>) -> Epoch {
    Epoch {
        epoch: number,
        loss: pass.loss,
        accuracy: pass.accuracy,
        validation_loss: pass.validation.map(|(loss, _)| loss),
        validation_accuracy: pass.validation.map(|(_, accuracy)| accuracy),
        seconds: elapsed_seconds - before.map_or(0.0, |epoch| epoch.elapsed_seconds),
        elapsed_seconds,
    }
}

fn measure(set: &TrainingSet, folds: &folds::Folds, heads: &Heads, fitted: Fitted) -> Result<Trained, TrainError> {
    let Fitted { best, training_accuracy, epochs } = fitted;
    let logits = heads.honest_logits(&best, folds)?;
    let comparable = vec![true; set.images()];
    let measured = Measured::of(&Asked { set, logits: &logits, folds: &folds.of, comparable: &comparable })?;
    let (weight, bias) = heads.final_head(&best)?;
    Ok(Trained {
        classifier: measured.calibrate(weight, bias, set.dimensions)?,
        backbone: None,
        accuracy: measured.accuracy,
        accuracy_interval: measured.accuracy_interval,
        accuracy_kind: measured.accuracy.map(|_| AccuracyKind::CrossValidation),
        predictions: measured.predictions,
        training_accuracy,
        epochs,
    })
}

#[cfg(test)]
mod tests;
