//! Instant mode: the last layer alone, learned from stored embeddings in a fraction of a second.
//!
//! One run trains a head per fold and the final head at once (`heads`, `descent`), decides when it is enough
//! (`stopping`), and measures itself on images that were held out (`confidence`, [`crate::evaluate`]). The same
//! embeddings, labels and settings give the same model to the bit on the same kind of CPU.

mod confidence;
mod descent;
mod error;
mod heads;
mod set;
mod stopping;

pub use error::TrainError;
pub use set::TrainingSet;

use crate::{Head, duplicates, evaluate, folds};
use descent::Descent;
use dto::model::{AccuracyKind, Epoch, Phase, Settings};
use heads::{Heads, Parameters, Pass};
use std::time::Instant;
use stopping::Stopping;

/// Who follows a run.
pub trait Observer: Send {
    /// The run enters a phase.
    fn phase(&mut self, phase: Phase);
    /// An epoch is over.
    fn epoch(&mut self, epoch: &Epoch);
    /// Asked before each epoch; `true` ends the run with [`TrainError::Cancelled`].
    fn cancelled(&self) -> bool;
}

/// What a run says of one image that it was given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImagePrediction {
    pub predicted: u32,
    /// Of the predicted label, 0 to 1.
    pub probability: f64,
    /// Whether by a head that had not learned from the image; else by the final head, which had.
    pub out_of_fold: bool,
}

/// A model and what is known of it.
#[derive(Clone, Debug)]
pub struct Trained {
    pub head: Head,
    /// In the order of the images.
    pub predictions: Vec<ImagePrediction>,
    /// Share of right answers on held-out images, 0 to 1, and its 95 % interval; `None` when none could be held out.
    pub accuracy: Option<f64>,
    pub accuracy_interval: Option<[f64; 2]>,
    pub accuracy_kind: Option<AccuracyKind>,
    /// Share of right answers of the final head on the images it learned from.
    pub training_accuracy: f64,
    pub epochs: Vec<Epoch>,
}

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
    let rows = || logits.chunks_exact(set.classes).zip(&set.targets).zip(&folds.of);
    let (held_logits, held_targets): (Vec<&[f32]>, Vec<u32>) =
        rows().filter(|(_, fold)| fold.is_some()).map(|((row, &target), _)| (row, target)).unzip();
    let temperature = confidence::temperature(&held_logits.concat(), &held_targets, set.classes);

    let predictions: Vec<ImagePrediction> = rows()
        .map(|((row, _), fold)| {
            let (predicted, probability) = likeliest(&confidence::softmax(row, temperature));
            ImagePrediction { predicted, probability, out_of_fold: fold.is_some() }
        })
        .collect();
    let held: Vec<(f64, bool)> = predictions
        .iter()
        .zip(&set.targets)
        .filter(|(prediction, _)| prediction.out_of_fold)
        .map(|(prediction, &target)| (prediction.probability, prediction.predicted == target))
        .collect();
    let right = held.iter().filter(|(_, right)| *right).count();
    let measured = !held.is_empty();
    let accuracy_interval = evaluate::wilson(right, held.len());
    let accuracy = measured.then(|| right as f64 / held.len() as f64);

    let (mut weight, mut bias) = heads.final_head(&best)?;
    for number in weight.iter_mut().chain(&mut bias) {
        *number = (f64::from(*number) / temperature) as f32;
    }
    let head =
        Head::new(weight, bias, set.dimensions, confidence::unsure_below(held)).map_err(|_| TrainError::NotFinite)?;
    Ok(Trained {
        head,
        predictions,
        accuracy,
        accuracy_interval,
        accuracy_kind: measured.then_some(AccuracyKind::CrossValidation),
        training_accuracy,
        epochs,
    })
}

/// The likeliest label, the first of equals, and its probability.
fn likeliest(probabilities: &[f64]) -> (u32, f64) {
    let first = (0, f64::NEG_INFINITY);
    probabilities.iter().zip(0..).fold(
        first,
        |best, (&probability, label)| {
            if probability > best.1 { (label, probability) } else { best }
        },
    )
}

#[cfg(test)]
mod tests;
