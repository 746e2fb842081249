//! ResNet18 without its last layer: He et al., "Deep Residual Learning for Image Recognition", 2015, arXiv:1512.03385.
//!
//! Tensors have torchvision's names. The `fc` tensors, which tell ImageNet's classes apart, are not read.

use super::{
    conv::{ConvSpec, Layer, Padding},
    network::Body,
};
use tch::{TchError, Tensor};

/// PyTorch's default, which torchvision keeps.
const EPSILON: f64 = 1e-5;
/// Channels of the four stages; each has two blocks, and all but the first halve the sides.
const STAGES: [i64; 4] = [64, 128, 256, 512];

pub struct Resnet18<L> {
    stem: L,
    blocks: Vec<Block<L>>,
}

/// Two convolutions, and a way around them.
struct Block<L> {
    first: L,
    second: L,
    /// The way around, where the shape changes.
    shortcut: Option<L>,
}

impl<L: Layer> Resnet18<L> {
    /// Builds the network of layers that `layer` makes.
    pub fn build<E>(layer: &mut dyn FnMut(ConvSpec) -> Result<L, E>) -> Result<Self, E> {
        let stem = layer(spec("conv1", "bn1", 3, STAGES[0], 7, 2))?;
        let mut blocks = Vec::new();
        let mut inputs = STAGES[0];
        for (stage, outputs) in STAGES.into_iter().enumerate() {
            for block in 0..2 {
                let stride = if block == 0 && stage > 0 { 2 } else { 1 };
                let prefix = format!("layer{}.{block}", stage + 1);
                blocks.push(Block::build(layer, &prefix, inputs, outputs, stride)?);
                inputs = outputs;
            }
        }
        Ok(Self { stem, blocks })
    }
}

impl<L: Layer> Body for Resnet18<L> {
    fn features(&self, pictures: &Tensor) -> Result<Tensor, TchError> {
        let stem = self.stem.forward(pictures)?.f_relu_()?;
        let mut features = stem.f_max_pool2d([3, 3], [2, 2], [1, 1], [1, 1], false)?;
        for block in &self.blocks {
            features = block.forward(&features)?;
        }
        Ok(features)
    }
}

impl<L: Layer> Block<L> {
    fn build<E>(
        layer: &mut dyn FnMut(ConvSpec) -> Result<L, E>,
        prefix: &str,
        inputs: i64,
        outputs: i64,
        stride: i64,
    ) -> Result<Self, E> {
        let mut conv = |conv: &str, norm: &str, inputs, kernel, stride| {
            layer(spec(&format!("{prefix}.{conv}"), &format!("{prefix}.{norm}"), inputs, outputs, kernel, stride))
        };
        let changes = stride != 1 || inputs != outputs;
        Ok(Self {
            first: conv("conv1", "bn1", inputs, 3, stride)?,
            second: conv("conv2", "bn2", outputs, 3, 1)?,
            shortcut: changes.then(|| conv("downsample.0", "downsample.1", inputs, 1, stride)).transpose()?,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor, TchError> {
        let inner = self.first.forward(input)?.f_relu_()?;
        let mut output = self.second.forward(&inner)?;
        match &self.shortcut {
            Some(shortcut) => output.f_add_(&shortcut.forward(input)?)?,
            None => output.f_add_(input)?,
        }
        .f_relu_()
    }
}

fn spec(conv: &str, norm: &str, inputs: i64, outputs: i64, kernel: i64, stride: i64) -> ConvSpec {
    ConvSpec {
        conv: conv.to_owned(),
        norm: norm.to_owned(),
        epsilon: EPSILON,
        inputs,
        outputs,
        kernel,
        stride,
        groups: 1,
        padding: Padding::Symmetric,
        exact: false,
    }
}
