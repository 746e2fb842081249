//! One run: epoch after epoch, then the evaluation of the best.

use super::{
    Start,
    batches::{self, BATCH, Chance},
    checkpoint,
    network::{LearnedNetwork, State},
    sgd::Sgd,
};
use crate::{
    backbone::{Network, WeightsFile, fast_kind},
    duplicates, folds, instant,
    preprocess::Crop,
    training::{Measured, Observer, Stopping, TrainError, Trained, TrainingSet},
};
use dto::model::{AccuracyKind, Epoch, Phase, Progress, Settings};
use std::time::Instant;
use tch::{Kind, Reduction, Tensor};

/// Trains on the calling thread, which must be one of the engine's.
pub fn fine_tune(start: &Start, observer: &mut dyn Observer) -> Result<Trained, TrainError> {
    start.tuning.set.check()?;
    observer.phase(Phase::Training);
    let split = Split::of(&start.tuning.set, start.tuning.settings.seed)?;
    let (best, epochs) = Run::begin(start, &split)?.learn(observer)?;
    observer.phase(Phase::Evaluating);
    evaluate(start, &split, &best, epochs, observer)
}

/// Which pictures are learned from, and which only judge.
struct Split {
    learned: Vec<usize>,
    held_out: Vec<usize>,
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

/// A run under way.
struct Run<'a> {
    start: &'a Start,
    split: &'a Split,
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
        let mut network = LearnedNetwork::load(tuning.backbone, &weights, tuning.set.classes, fast_kind())
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
        Ok(Self { start, split, network, sgd, stopping, epochs, best, finished })
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
            let loss = learned.add(&logits, &self.targets(batch)?)?;
            self.sgd.step(&self.network, &loss, number)?;
            progress.done += batch.len();
        }
        let mut held_out = Tally::default();
        for batch in batches::cut(&self.split.held_out) {
            progress.tell(observer)?;
            let pixels = batches::read(&self.start.tuning.crops, batch)?;
            let targets = self.targets(batch)?;
            let _ = tch::no_grad(|| held_out.add(&self.network.logits(&pixels)?, &targets))?;
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
        Ok(Tensor::f_from_slice(&targets)?)
    }
}

/// Begins the head with what instant training finds on the pictures learned from.
fn set_first_head(network: &mut LearnedNetwork, set: &TrainingSet, learned: &[usize]) -> Result<(), TrainError> {
    let rows = learned.iter().flat_map(|&image| &set.embeddings[image * set.dimensions..][..set.dimensions]);
    let part = TrainingSet {
        embeddings: rows.copied().collect(),
        dimensions: set.dimensions,
        targets: learned.iter().map(|&image| set.targets[image]).collect(),
        classes: set.classes,
    };
    let head = instant::train(&part, &Settings::default(), &mut Nobody)?.head;
    Ok(network.set_head(head.weight(), head.bias())?)
}

/// Follows nothing.
struct Nobody;

impl Observer for Nobody {
    fn phase(&mut self, _: Phase) {}
    fn epoch(&mut self, _: &Epoch) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// How many pictures have been looked at.
struct Pictures {
    done: usize,
    total: usize,
}

impl Pictures {
    fn new(total: usize) -> Self {
        Self { done: 0, total }
    }

    /// Says how far it is, and asks whether to go on.
    fn tell(&self, observer: &mut dyn Observer) -> Result<(), TrainError> {
        observer.progress(Progress { done: self.done as u64, total: self.total as u64 });
        if observer.cancelled() { Err(TrainError::Cancelled) } else { Ok(()) }
    }
}

/// Sums of loss and right answers.
#[derive(Default)]
struct Tally {
    loss: f64,
    right: i64,
    pictures: i64,
}

impl Tally {
    /// Adds a batch and returns its mean loss.
    fn add(&mut self, logits: &Tensor, targets: &Tensor) -> Result<Tensor, tch::TchError> {
        let loss = logits.f_cross_entropy_loss(targets, None::<Tensor>, Reduction::Mean, -100, 0.0)?;
        let count = targets.size1()?;
        self.loss += f64::try_from(loss.f_detach()?)? * count as f64;
        self.right += i64::try_from(logits.f_argmax(1, false)?.f_eq_tensor(targets)?.f_sum(Kind::Int64)?)?;
        self.pictures += count;
        Ok(loss)
    }

    /// Mean loss and share of right answers; `None` without pictures.
    fn mean(&self) -> Option<(f64, f64)> {
        let pictures = self.pictures as f64;
        (self.pictures > 0).then(|| (self.loss / pictures, self.right as f64 / pictures))
    }
}

/// Asks the best network about every picture, in the form that it will predict in.
fn evaluate(
    start: &Start,
    split: &Split,
    best: &State,
    epochs: Vec<Epoch>,
    observer: &mut dyn Observer,
) -> Result<Trained, TrainError> {
    let set = &start.tuning.set;
    let file = WeightsFile::new(best.backbone_file().map_err(|error| TrainError::Checkpoint(error.to_string()))?);
    let weights = file.tensors().map_err(TrainError::Weights)?;
    let network = Network::load(start.tuning.backbone, &weights, fast_kind()).map_err(TrainError::Weights)?;
    let [weight, bias] = best.head();
    let mut logits = Vec::with_capacity(set.images() * set.classes);
    let mut progress = Pictures::new(set.images());
    for batch in (0..set.images()).collect::<Vec<_>>().chunks(BATCH) {
        progress.tell(observer)?;
        let pixels = batches::read(&start.tuning.crops, batch)?;
        for embedding in network.embed(&pixels.chunks_exact(Crop::BYTES).collect::<Vec<_>>())? {
            let dot = |row: &[f32]| row.iter().zip(&embedding).map(|(weight, number)| weight * number).sum::<f32>();
            logits.extend(weight.chunks_exact(set.dimensions).zip(bias).map(|(row, bias)| dot(row) + bias));
        }
        progress.done += batch.len();
    }
    if !logits.iter().all(|logit| logit.is_finite()) {
        return Err(TrainError::Diverged);
    }
    let mut held_out = vec![false; set.images()];
    split.held_out.iter().for_each(|&image| held_out[image] = true);
    let measured = Measured::of(&logits, set.classes, &set.targets, &held_out);
    let learned_right = split.learned.iter().filter(|&&i| measured.predictions[i].predicted == set.targets[i]).count();
    Ok(Trained {
        head: measured.calibrate(weight.to_vec(), bias.to_vec(), set.dimensions)?,
        backbone: Some(file.into_bytes()),
        accuracy: measured.accuracy,
        accuracy_interval: measured.accuracy_interval,
        accuracy_kind: measured.accuracy.map(|_| AccuracyKind::HeldOut),
        predictions: measured.predictions,
        training_accuracy: learned_right as f64 / split.learned.len() as f64,
        epochs,
    })
}
