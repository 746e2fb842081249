//! Stochastic gradient descent with momentum, whose memory can be kept in a checkpoint.

use super::network::{LearnedNetwork, Stored, numbers};
use crate::{backbone::Weights, training::TrainError};
use tch::{TchError, Tensor};

const MOMENTUM: f64 = 0.9;
/// How far a first step goes.
const RATE: f64 = 1e-3;
/// What the rate is multiplied by after every epoch: to a third in ten, to a tenth in twenty-two.
const DECAY: f64 = 0.9;

/// Polyak's heavy ball in PyTorch's form: `velocity = MOMENTUM · velocity + gradient; weight -= rate · velocity`.
pub struct Sgd {
    velocities: Vec<Tensor>,
}

impl Sgd {
    pub fn new(network: &LearnedNetwork) -> Result<Self, TchError> {
        let velocities = network.parameters().map(|parameter| parameter.f_zeros_like()?.f_detach());
        Ok(Self { velocities: velocities.collect::<Result<_, _>>()? })
    }

    /// One step down the loss; `epoch` counts from 0.
    pub fn step(&mut self, network: &LearnedNetwork, loss: &Tensor, epoch: u32) -> Result<(), TchError> {
        for parameter in network.parameters() {
            let mut gradient = parameter.f_grad()?;
            if gradient.defined() {
                let _ = gradient.f_detach_()?.f_zero_()?;
            }
        }
        loss.f_backward()?;
        let rate = RATE * DECAY.powi(epoch as i32);
        tch::no_grad(|| {
            for (parameter, velocity) in network.parameters().zip(&mut self.velocities) {
                let _ = velocity.f_mul_scalar_(MOMENTUM)?.f_add_(&parameter.f_grad()?)?;
                let _ = parameter.shallow_clone().f_sub_(&velocity.f_mul_scalar(rate)?)?;
            }
            Ok(())
        })
    }

    /// The velocities, by number.
    pub fn state(&self) -> Result<Vec<Stored>, TchError> {
        let stored = |(number, velocity): (usize, &Tensor)| {
            let shape = velocity.size().into_iter().map(|side| side as usize).collect();
            Ok(Stored { name: number.to_string(), shape, numbers: numbers(velocity)? })
        };
        self.velocities.iter().enumerate().map(stored).collect()
    }

    /// Takes over the velocities that [`Sgd::state`] gave.
    pub fn restore(&mut self, weights: &Weights, prefix: &str) -> Result<(), TrainError> {
        for (number, velocity) in self.velocities.iter_mut().enumerate() {
            let stored = weights.get(&format!("{prefix}{number}"), &velocity.size()).map_err(TrainError::Weights)?;
            velocity.f_copy_(&stored)?;
        }
        Ok(())
    }
}
