//! A convolution for inference, the batch normalisation after it folded in.

use super::{
    Compute,
    weights::{Weights, WeightsError},
};
use tch::{Kind, TchError, Tensor};

/// What a convolution looks like, and where a file keeps it.
pub struct ConvSpec {
    /// The prefix of the convolution's tensor, `….weight`.
    pub conv: String,
    /// The prefix of the batch normalisation's tensors, `….weight`, `….bias`, `….running_mean`, `….running_var`.
    pub norm: String,
    /// What the batch normalisation adds to a variance.
    pub epsilon: f64,
    pub inputs: i64,
    pub outputs: i64,
    /// The side of the kernel.
    pub kernel: i64,
    pub stride: i64,
    /// One group for an ordinary convolution, as many as inputs for a depthwise one.
    pub groups: i64,
    pub padding: Padding,
    /// Whether it stays in 32 bits, whatever the others are in.
    pub exact: bool,
}

impl ConvSpec {
    /// Of the weight.
    pub fn shape(&self) -> [i64; 4] {
        [self.outputs, self.inputs / self.groups, self.kernel, self.kernel]
    }

    /// The precision of this layer, where the network is in `kind`.
    pub fn kind(&self, kind: Kind) -> Kind {
        if self.exact { Kind::Float } else { kind }
    }

    /// Convolves with a weight of the shape `[outputs, inputs / groups, kernel, kernel]`.
    pub fn convolve(&self, input: &Tensor, weight: &Tensor, bias: Option<&Tensor>) -> Result<Tensor, TchError> {
        let (stride, dilation) = ([self.stride; 2], [1, 1]);
        let convolve =
            |input: &Tensor, padding: i64| input.f_conv2d(weight, bias, stride, [padding; 2], dilation, self.groups);
        match self.padding {
            Padding::Symmetric => convolve(input, self.kernel / 2),
            // With a stride of 1 and an odd kernel both kinds are the same, and this one copies nothing.
            Padding::Same if self.stride == 1 => convolve(input, self.kernel / 2),
            Padding::Same => {
                let (_, _, height, width) = input.size4()?;
                let (top, bottom) = same_padding(height, self.kernel, self.stride);
                let (left, right) = same_padding(width, self.kernel, self.stride);
                convolve(&input.f_constant_pad_nd([left, right, top, bottom])?, 0)
            }
        }
    }
}

/// A convolution and the batch normalisation after it, for inference or to be learned.
pub trait Layer: Send {
    /// Shape in: `[pictures, inputs, height, width]`.
    fn forward(&self, input: &Tensor) -> Result<Tensor, TchError>;
}

/// Zeros around the picture.
#[derive(Clone, Copy)]
pub enum Padding {
    /// Half the kernel on each side, as PyTorch's own networks have it.
    Symmetric,
    /// TensorFlow's `SAME`: so many zeros that `ceil(side / stride)` comes out, the odd one at the right and bottom.
    Same,
}

/// One convolution, ready to be applied.
pub struct Conv {
    weight: Tensor,
    bias: Tensor,
    spec: ConvSpec,
}

impl Conv {
    /// Reads a convolution, folds its batch normalisation into weight and bias (in 32 bits), and keeps both as
    /// `compute` has them, unless the layer is to stay exact.
    pub fn load(weights: &Weights, spec: ConvSpec, compute: Compute) -> Result<Self, WeightsError> {
        let (norm, outputs) = (&spec.norm, spec.outputs);
        let weight = weights.get(&format!("{}.weight", spec.conv), &spec.shape())?;
        let of_norm = |part: &str| weights.get(&format!("{norm}.{part}"), &[outputs]);
        let deviation = of_norm("running_var")?.f_add_scalar(spec.epsilon)?.f_sqrt()?;
        let scale = of_norm("weight")?.f_div(&deviation)?;
        let bias = of_norm("bias")?.f_sub(&of_norm("running_mean")?.f_mul(&scale)?)?;
        let kind = spec.kind(compute.kind());
        let weight = channels_last(&weight.f_mul(&scale.f_view([-1, 1, 1, 1])?)?.f_to_kind(kind)?)?;
        Ok(Self { weight: compute.bring(&weight)?, bias: compute.bring(&bias.f_to_kind(kind)?)?, spec })
    }
}

impl Layer for Conv {
    /// The input may be in any precision; what comes out is in that of the weights.
    fn forward(&self, input: &Tensor) -> Result<Tensor, TchError> {
        let input = &input.f_to_kind(self.weight.f_kind()?)?;
        self.spec.convolve(input, &self.weight, Some(&self.bias))
    }
}

/// The same numbers, the channels of a pixel side by side in memory: what convolutions are fastest on.
pub fn channels_last(weight: &Tensor) -> Result<Tensor, TchError> {
    weight.f_permute([0, 2, 3, 1])?.f_contiguous()?.f_permute([0, 3, 1, 2])
}

/// How many zeros TensorFlow's `SAME` puts before and after a side.
fn same_padding(side: i64, kernel: i64, stride: i64) -> (i64, i64) {
    let outputs = (side + stride - 1) / stride;
    let total = ((outputs - 1) * stride + kernel - side).max(0);
    (total / 2, total - total / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_is_tensorflows() {
        assert_eq!(same_padding(224, 3, 2), (0, 1));
        assert_eq!(same_padding(56, 5, 2), (1, 2));
        assert_eq!(same_padding(7, 3, 2), (1, 1));
        assert_eq!(same_padding(14, 5, 1), (2, 2));
    }
}
