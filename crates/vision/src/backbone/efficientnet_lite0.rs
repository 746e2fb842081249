//! EfficientNet-Lite0 without its last layer: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional
//! Neural Networks", 2019, arXiv:1905.11946, in the Lite form that TensorFlow published in 2020: no squeeze-and-excite,
//! ReLU6 for swish, stem and head never scaled.
//!
//! Where the layers are of 16 bits, the stem, the first block and every projection stay in 32, and so does what runs
//! from block to block: a projection has no activation after it that would hide its error. This costs a tenth of the
//! speed; without it the cosine between both precisions falls from 0.9995 to 0.9976 on photos.
//!
//! Tensors have the names of the PyTorch conversion, such as `_blocks.0._depthwise_conv.weight`; `_fc` is not read.

use super::{
    conv::{ConvSpec, Layer, Padding},
    network::Body,
};
use tch::{TchError, Tensor};

/// TensorFlow's.
const EPSILON: f64 = 1e-3;
const STEM: i64 = 32;
const HEAD: i64 = 1280;

/// Blocks of one shape.
struct Stage {
    blocks: usize,
    /// The side of the depthwise kernel.
    kernel: i64,
    /// Of the first block; the others keep the sides.
    stride: i64,
    /// How many times as many channels a block has inside.
    expansion: i64,
    outputs: i64,
}

const STAGES: [Stage; 7] = [
    Stage { blocks: 1, kernel: 3, stride: 1, expansion: 1, outputs: 16 },
    Stage { blocks: 2, kernel: 3, stride: 2, expansion: 6, outputs: 24 },
    Stage { blocks: 2, kernel: 5, stride: 2, expansion: 6, outputs: 40 },
    Stage { blocks: 3, kernel: 3, stride: 2, expansion: 6, outputs: 80 },
    Stage { blocks: 3, kernel: 5, stride: 1, expansion: 6, outputs: 112 },
    Stage { blocks: 4, kernel: 5, stride: 2, expansion: 6, outputs: 192 },
    Stage { blocks: 1, kernel: 3, stride: 1, expansion: 6, outputs: 320 },
];

pub struct EfficientnetLite0<L> {
    stem: L,
    blocks: Vec<Block<L>>,
    head: L,
}

/// An inverted bottleneck: widen, convolve each channel by itself, narrow.
struct Block<L> {
    expand: Option<L>,
    depthwise: L,
    project: L,
    /// Whether the input is added to the output.
    residual: bool,
}

impl<L: Layer> EfficientnetLite0<L> {
    /// Builds the network of layers that `layer` makes.
    pub fn build<E>(layer: &mut dyn FnMut(ConvSpec) -> Result<L, E>) -> Result<Self, E> {
        let stem = layer(ConvSpec { exact: true, ..spec("_conv_stem", "_bn0", 3, STEM, 3, 2) })?;
        let mut blocks = Vec::new();
        let mut inputs = STEM;
        for stage in &STAGES {
            for block in 0..stage.blocks {
                let stride = if block == 0 { stage.stride } else { 1 };
                let exact = blocks.is_empty();
                let prefix = format!("_blocks.{}", blocks.len());
                let mut layer = |spec: ConvSpec| layer(ConvSpec { exact: exact || spec.exact, ..spec });
                blocks.push(Block::build(&mut layer, &prefix, inputs, stride, stage)?);
                inputs = stage.outputs;
            }
        }
        let head = layer(spec("_conv_head", "_bn1", inputs, HEAD, 1, 1))?;
        Ok(Self { stem, blocks, head })
    }
}

impl<L: Layer> Body for EfficientnetLite0<L> {
    fn features(&self, pictures: &Tensor) -> Result<Tensor, TchError> {
        let mut features = relu6(self.stem.forward(pictures)?)?;
        for block in &self.blocks {
            features = block.forward(&features)?;
        }
        relu6(self.head.forward(&features)?)
    }
}

impl<L: Layer> Block<L> {
    fn build<E>(
        layer: &mut dyn FnMut(ConvSpec) -> Result<L, E>,
        prefix: &str,
        inputs: i64,
        stride: i64,
        stage: &Stage,
    ) -> Result<Self, E> {
        let inner = inputs * stage.expansion;
        let named = |conv: &str, norm: &str, inputs, outputs, kernel, stride| {
            spec(&format!("{prefix}.{conv}"), &format!("{prefix}.{norm}"), inputs, outputs, kernel, stride)
        };
        let expand =
            (stage.expansion != 1).then(|| layer(named("_expand_conv", "_bn0", inputs, inner, 1, 1))).transpose()?;
        let depthwise = named("_depthwise_conv", "_bn1", inner, inner, stage.kernel, stride);
        let project = named("_project_conv", "_bn2", inner, stage.outputs, 1, 1);
        Ok(Self {
            expand,
            depthwise: layer(ConvSpec { groups: inner, ..depthwise })?,
            project: layer(ConvSpec { exact: true, ..project })?,
            residual: stride == 1 && inputs == stage.outputs,
        })
    }

    fn forward(&self, input: &Tensor) -> Result<Tensor, TchError> {
        let wide = match &self.expand {
            Some(expand) => &relu6(expand.forward(input)?)?,
            None => input,
        };
        let filtered = relu6(self.depthwise.forward(wide)?)?;
        let mut output = self.project.forward(&filtered)?;
        if self.residual { output.f_add_(input) } else { Ok(output) }
    }
}

fn relu6(mut tensor: Tensor) -> Result<Tensor, TchError> {
    tensor.f_clamp_(0.0, 6.0)
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
        padding: Padding::Same,
        exact: false,
    }
}
