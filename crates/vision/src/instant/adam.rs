//! Adam with decoupled weight decay: Kingma and Ba, 2014, arXiv:1412.6980; Loshchilov and Hutter, 2017,
//! arXiv:1711.05101.

use super::heads::Parameters;
use tch::{TchError, Tensor};

/// The step per epoch, on standardised embeddings.
const LEARNING_RATE: f64 = 0.01;
/// Per step, of the weights and not of the biases.
const WEIGHT_DECAY: f64 = 0.1;
/// How slowly the means of the gradient and of its square forget: the paper's.
const MEMORY: f64 = 0.9;
const SQUARE_MEMORY: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// The optimiser's memory.
pub struct Adam {
    weight: Moments,
    bias: Moments,
    steps: i32,
}

impl Adam {
    pub fn new(parameters: &Parameters) -> Result<Self, TchError> {
        Ok(Self { weight: Moments::new(&parameters.weight)?, bias: Moments::new(&parameters.bias)?, steps: 0 })
    }

    /// Moves the parameters one step against the gradient.
    pub fn step(&mut self, parameters: &mut Parameters, gradient: &Parameters) -> Result<(), TchError> {
        self.steps += 1;
        let kept = parameters.weight.f_mul_scalar(1.0 - LEARNING_RATE * WEIGHT_DECAY)?;
        parameters.weight = kept.f_sub(&self.weight.step(&gradient.weight, self.steps)?)?;
        parameters.bias = parameters.bias.f_sub(&self.bias.step(&gradient.bias, self.steps)?)?;
        Ok(())
    }
}

/// Running means of one tensor's gradient and of its square.
struct Moments {
    mean: Tensor,
    square: Tensor,
}

impl Moments {
    fn new(of: &Tensor) -> Result<Self, TchError> {
        Ok(Self { mean: of.f_zeros_like()?, square: of.f_zeros_like()? })
    }

    /// What is to be taken away from the tensor.
    fn step(&mut self, gradient: &Tensor, steps: i32) -> Result<Tensor, TchError> {
        self.mean = self.mean.f_mul_scalar(MEMORY)?.f_add(&gradient.f_mul_scalar(1.0 - MEMORY)?)?;
        let square = gradient.f_square()?.f_mul_scalar(1.0 - SQUARE_MEMORY)?;
        self.square = self.square.f_mul_scalar(SQUARE_MEMORY)?.f_add(&square)?;
        // Both means start at zero; dividing takes that bias out.
        let mean = self.mean.f_div_scalar(1.0 - MEMORY.powi(steps))?;
        let square = self.square.f_div_scalar(1.0 - SQUARE_MEMORY.powi(steps))?;
        mean.f_div(&square.f_sqrt()?.f_add_scalar(EPSILON)?)?.f_mul_scalar(LEARNING_RATE)
    }
}
