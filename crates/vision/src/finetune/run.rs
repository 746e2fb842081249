//! One run: epoch after epoch, until the best is good enough.

use super::{
    Start,
    batches::{self, Chance},
    checkpoint, evaluation,
    network::{LearnedNetwork, State},
    progress::{Pictures, Tally},
    sgd::Sgd,
};
use crate::{
    backbone::WeightsFile,
    duplicates, folds, instant,
    training::{Nobody, Observer, Stopping, TrainError, Trained, TrainingSet},
};
use dto::model::{Epoch, Phase, Settings};
use std::time::Instant;
use tch::Tensor;

/// Trains on the calling thread, which must be one of the engine's.
pub fn fine_tune(start: &Start, observer: &mut dyn Observer) -> Result<Trained, TrainError> {
    start.tuning.set.check()?;
    observer.phase(Phase::Training);
    let split = Split::of(&start.tuning.set, start.tuning.settings.seed)?;
    let (best, epochs) = Run::begin(start, &split)?.learn(observer)?;
    observer.phase(Phase::Evaluating);
    evaluation::evaluate(start, &split, &best, epochs, observer)
}

/// Which pictures are learned from, and which only judge.
pub struct Split {
    pub learned: Vec<usize>,
    pub held_out: Vec<usize>,
}

impl Split {
    /// Holds out one fold of those that instant training would make: a fifth of every label, near-duplicates together.
    fn of(set: &TrainingSet, seed: u64) -> Result<Self, TrainError> {
        let matrix = set.matrix()?;
        let groups = tch::no_grad(|| duplicates::group(&matrix, duplicates::NEAR))?;
        let folds = folds::split(&set.targets, &groups, seed);
        let (held_out, learned) = (0..set.images()).partition(|&image| folds.of[image] == Some(0));
        Ok(Self { learned, held_out })
    }
}

/// The most that a picture of a small label weighs: a batch must not be about one picture.
const HEAVIEST: f32 = 8.0;

/// A run under way.
struct Run<'a> {
    start: &'a Start,
    split: &'a Split,
    /// What each picture weighs.
    balance: Vec<f32>,
    network: LearnedNetwork,
    sgd: Sgd,
    stopping: Stopping,
    epochs: Vec<Epoch>,
    /// The network of the best epoch.
    best: Option<State>,
    finished: bool,
}

impl<'a> Run<'a> {
    fn begin(start: &'a Start, split: &'a Split) -> Result<Self, TrainError> {
        let tuning = &start.tuning;
        let file = WeightsFile::read(&start.weights).map_err(TrainError::Weights)?;
        if file.sha256() != start.weights_sha256 {
            return Err(TrainError::OtherWeights);
        }
        let weights = file.tensors().map_err(TrainError::Weights)?;
        let mut network = LearnedNetwork::load(tuning.backbone, &weights, tuning.set.classes, start.compute)
            .map_err(TrainError::Weights)?;
        let mut sgd = Sgd::new(&network)?;
        let mut stopping = Stopping::new(&tuning.settings);
        let (mut epochs, mut best, mut finished) = (Vec::new(), None, false);
        match &tuning.resume {
            Some(checkpoint) => {
                best = Some(checkpoint.restore(&mut network, &mut sgd)?);
                epochs.clone_from(&checkpoint.epochs);
                finished = epochs.iter().map(|epoch| stopping.judge(epoch).stop).last().unwrap_or(false);
            }
            None => set_first_head(&mut network, &tuning.set, &split.learned)?,
        }
        let balance = tuning.set.balance().into_iter().map(|weight| weight.min(HEAVIEST)).collect();
        Ok(Self { start, split, balance, network, sgd, stopping, epochs, best, finished })
    }

    fn settings(&self) -> &Settings {
        &self.start.tuning.settings
    }

    fn learn(mut self, observer: &mut dyn Observer) -> Result<(State, Vec<Epoch>), TrainError> {
        let before = self.epochs.last().map_or(0.0, |epoch| epoch.elapsed_seconds);
        let begun = Instant::now();
        while !self.finished && self.epochs.len() < self.settings().max_epochs as usize {
            let epoch = self.epoch(observer, || before + begun.elapsed().as_secs_f64())?;
            self.epochs.push(epoch);
            let verdict = self.stopping.judge(&epoch);
            self.finished = verdict.stop;
            let now = self.network.state()?;
            let best = if verdict.keep { None } else { self.best.as_ref() };
            observer.checkpoint(checkpoint::write(&now, &self.sgd, best, &self.epochs)?);
            if verdict.keep || self.best.is_none() {
                self.best = Some(now);
            }
            observer.epoch(&epoch);
        }
        let best = self.best.map_or_else(|| self.network.state(), Ok)?;
        Ok((best, self.epochs))
    }

    /// One pass over the pictures learned from, and one over those held out.
    fn epoch(&mut self, observer: &mut dyn Observer, elapsed: impl Fn() -> f64) -> Result<Epoch, TrainError> {
        let number = self.epochs.len() as u32;
        let mut chance = Chance::of(self.settings().seed, number);
        let mut order = self.split.learned.clone();
        chance.shuffle(&mut order);
        let mut progress = Pictures::new(self.split.learned.len() + self.split.held_out.len());
        let mut learned = Tally::default();
        for batch in batches::cut(&order) {
            progress.tell(observer)?;
            let mut pixels = batches::read(&self.start.tuning.crops, batch)?;
            chance.mirror(&mut pixels);
            let logits = self.network.logits(&pixels)?;
            let loss = learned.add(&logits, &self.targets(batch)?, &self.weights(batch)?)?;
            self.sgd.step(&self.network, &loss, number)?;
            progress.done += batch.len();
        }
        let mut held_out = Tally::default();
        for batch in batches::cut(&self.split.held_out) {
            progress.tell(observer)?;
            let pixels = batches::read(&self.start.tuning.crops, batch)?;
            let (targets, weights) = (self.targets(batch)?, self.weights(batch)?);
            let _ = tch::no_grad(|| held_out.add(&self.network.logits(&pixels)?, &targets, &weights))?;
            progress.done += batch.len();
        }
        let (loss, accuracy) = learned.mean().ok_or(TrainError::Malformed("there is nothing to learn from"))?;
        let validation = held_out.mean();
        if !loss.is_finite() || validation.is_some_and(|(loss, _)| !loss.is_finite()) {
            return Err(TrainError::Diverged);
        }
        let elapsed_seconds = elapsed();
        Ok(Epoch {
            epoch: number,
            loss,
            accuracy,
            validation_loss: validation.map(|(loss, _)| loss),
            validation_accuracy: validation.map(|(_, accuracy)| accuracy),
            seconds: elapsed_seconds - self.epochs.last().map_or(0.0, |epoch| epoch.elapsed_seconds),
            elapsed_seconds,
        })
    }

    fn targets(&self, batch: &[usize]) -> Result<Tensor, TrainError> {
        let targets: Vec<i64> = batch.iter().map(|&image| self.start.tuning.set.targets[image].into()).collect();
        Ok(self.start.compute.bring(&Tensor::f_from_slice(&targets)?)?)
    }

    fn weights(&self, batch: &[usize]) -> Result<Tensor, TrainError> {
        let weights: Vec<f32> = batch.iter().map(|&image| self.balance[image]).collect();
        Ok(self.start.compute.bring(&Tensor::f_from_slice(&weights)?)?)
    }
}

/// Begins the head with what instant training finds on the pictures learned from.
fn set_first_head(network: &mut LearnedNetwork, set: &TrainingSet, learned: &[usize]) -> Result<(), TrainError> {
    let rows = learned.iter().flat_map(|&image| &set.embeddings[image * set.dimensions..][..set.dimensions]);
    let part = TrainingSet {
        embeddings: rows.copied().collect(),
        mirrored: Vec::new(),
        dimensions: set.dimensions,
        targets: learned.iter().map(|&image| set.targets[image]).collect(),
        classes: set.classes,
    };
    let classifier = instant::train(&part, &Settings::default(), &mut Nobody)?.classifier;
    let head = classifier.head();
    Ok(network.set_head(head.weight(), head.bias())?)
}
