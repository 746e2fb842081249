//! A convolution and its batch normalisation, to be learned.
//!
//! It normalises by the pretrained mean and variance, which stay as they are. Those of batches of 32 would differ from
//! them, most of all where there are few pictures: measured on 400 photos, the first epoch would then begin with a loss
//! many times that of the pretrained embeddings and end with more mistakes. It also lets the normalisation be folded
//! into the convolution, which saves two passes over every feature map.

use crate::backbone::{Compute, ConvSpec, Layer, Weights, WeightsError, channels_last};
use tch::{Kind, TchError, Tensor};

/// The weights are of 32 bits and convolved in `kind`, as in Micikevicius et al., "Mixed Precision Training", 2018,
/// arXiv:1710.03740. bfloat16 has the range of 32 bits, so no loss need be scaled.
pub struct LearnedConv {
    spec: ConvSpec,
    kind: Kind,
    weight: Tensor,
    scale: Tensor,
    shift: Tensor,
    mean: Tensor,
    variance: Tensor,
}

impl LearnedConv {
    pub fn load(weights: &Weights, spec: ConvSpec, compute: Compute) -> Result<Self, WeightsError> {
        let of_norm = |part: &str| {
            compute.bring(&weights.get(&format!("{}.{part}", spec.norm), &[spec.outputs])?).map_err(WeightsError::from)
        };
        let weight = channels_last(&weights.get(&format!("{}.weight", spec.conv), &spec.shape())?)?;
        let learned = |tensor: Tensor| tensor.set_requires_grad(true);
        Ok(Self {
            weight: learned(compute.bring(&weight)?),
            scale: learned(of_norm("weight")?),
            shift: learned(of_norm("bias")?),
            mean: of_norm("running_mean")?,
            variance: of_norm("running_var")?,
            kind: spec.kind(compute.kind()),
            spec,
        })
    }

    /// What is learned by gradients, under the names of the file.
    pub fn parameters(&self) -> [(String, Tensor); 3] {
        let ConvSpec { conv, norm, .. } = &self.spec;
        [
            (format!("{conv}.weight"), self.weight.shallow_clone()),
            (format!("{norm}.weight"), self.scale.shallow_clone()),
            (format!("{norm}.bias"), self.shift.shallow_clone()),
        ]
    }

    /// What stays as it was.
    pub fn statistics(&self) -> [(String, Tensor); 2] {
        let norm = &self.spec.norm;
        [
            (format!("{norm}.running_mean"), self.mean.shallow_clone()),
            (format!("{norm}.running_var"), self.variance.shallow_clone()),
        ]
    }
}

impl Layer for LearnedConv {
    fn forward(&self, input: &Tensor) -> Result<Tensor, TchError> {
        let deviation = self.variance.f_add_scalar(self.spec.epsilon)?.f_sqrt()?;
        let scale = self.scale.f_div(&deviation)?;
        let weight = self.weight.f_mul(&scale.f_view([-1, 1, 1, 1])?)?.f_to_kind(self.kind)?;
        let bias = self.shift.f_sub(&self.mean.f_mul(&scale)?)?.f_to_kind(self.kind)?;
        self.spec.convolve(&input.f_to_kind(self.kind)?, &weight, Some(&bias))
    }
}
