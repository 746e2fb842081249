//! How far a pass over the pictures is, and how it goes.

use crate::training::{Observer, TrainError};
use dto::model::Progress;
use tch::{Kind, Reduction, Tensor};

/// How many pictures have been looked at.
pub struct Pictures {
    pub done: usize,
    total: usize,
}

impl Pictures {
    pub fn new(total: usize) -> Self {
        Self { done: 0, total }
    }

    /// Says how far it is, and asks whether to go on.
    pub fn tell(&self, observer: &mut dyn Observer) -> Result<(), TrainError> {
        observer.progress(Progress { done: self.done as u64, total: self.total as u64 });
        if observer.cancelled() { Err(TrainError::Cancelled) } else { Ok(()) }
    }
}

/// Sums of loss and right answers.
#[derive(Default)]
pub struct Tally {
    loss: f64,
    right: i64,
    pictures: i64,
}

impl Tally {
    /// Adds a batch and returns its mean loss, each picture taken as often as it weighs.
    pub fn add(&mut self, logits: &Tensor, targets: &Tensor, weights: &Tensor) -> Result<Tensor, tch::TchError> {
        let losses = logits.f_cross_entropy_loss(targets, None::<Tensor>, Reduction::None, -100, 0.0)?;
        let loss = losses.f_mul(weights)?.f_mean(Kind::Float)?;
        let count = targets.size1()?;
        self.loss += f64::try_from(loss.f_detach()?)? * count as f64;
        self.right += i64::try_from(logits.f_argmax(1, false)?.f_eq_tensor(targets)?.f_sum(Kind::Int64)?)?;
        self.pictures += count;
        Ok(loss)
    }

    /// Mean loss and share of right answers; `None` without pictures.
    pub fn mean(&self) -> Option<(f64, f64)> {
        let pictures = self.pictures as f64;
        (self.pictures > 0).then(|| (self.loss / pictures, self.right as f64 / pictures))
    }
}
