//! A backbone and a head that learn together.

use super::layer::LearnedConv;
use crate::{
    backbone::{Body, Compute, Normalisation, Weights, WeightsError, build, pool},
    training::TrainError,
};
use dto::model::Backbone;
use safetensors::{Dtype, tensor::TensorView};
use tch::{Kind, TchError, Tensor};

/// The names of the head's tensors, in no backbone's file.
const HEAD: [&str; 2] = ["head.weight", "head.bias"];

pub struct LearnedNetwork {
    body: Box<dyn Body>,
    normalisation: Normalisation,
    /// Everything that gradients change: the backbone's, then the head's weight `[labels, dimensions]` and bias.
    parameters: Vec<(String, Tensor)>,
    statistics: Vec<(String, Tensor)>,
}

impl LearnedNetwork {
    /// A backbone from a file, its head yet to be set.
    pub fn load(backbone: Backbone, weights: &Weights, labels: usize, compute: Compute) -> Result<Self, WeightsError> {
        let (mut parameters, mut statistics) = (Vec::new(), Vec::new());
        let body = build(backbone, &mut |spec| {
            let layer = LearnedConv::load(weights, spec, compute)?;
            parameters.extend(layer.parameters());
            statistics.extend(layer.statistics());
            Ok::<_, WeightsError>(layer)
        })?;
        let (labels, dimensions) = (labels as i64, backbone.dimensions() as i64);
        for (name, shape) in HEAD.into_iter().zip([&[labels, dimensions][..], &[labels]]) {
            let zeros = compute.bring(&Tensor::f_zeros(shape, (Kind::Float, tch::Device::Cpu))?)?;
            parameters.push((name.to_owned(), zeros.set_requires_grad(true)));
        }
        Ok(Self { body, normalisation: Normalisation::of(backbone, compute)?, parameters, statistics })
    }

    /// The logits `[pictures, labels]` of crops whose pixels stand one after another.
    pub fn logits(&self, pixels: &[u8]) -> Result<Tensor, TchError> {
        let features = self.body.features(&self.normalisation.pictures(pixels)?)?;
        let [weight, bias] = self.head_tensors();
        pool(&features)?.f_linear(weight, Some(bias))
    }

    pub fn parameters(&self) -> impl Iterator<Item = &Tensor> {
        self.parameters.iter().map(|(_, tensor)| tensor)
    }

    pub fn set_head(&mut self, weight: &[f32], bias: &[f32]) -> Result<(), TchError> {
        tch::no_grad(|| {
            let [old_weight, old_bias] = self.head_tensors();
            let (mut to_weight, mut to_bias) = (old_weight.shallow_clone(), old_bias.shallow_clone());
            to_weight.f_copy_(&Tensor::f_from_slice(weight)?.f_view_as(old_weight)?)?;
            to_bias.f_copy_(&Tensor::f_from_slice(bias)?)
        })
    }

    /// All numbers, those of the head included.
    pub fn state(&self) -> Result<State, TchError> {
        let tensors = self.parameters.iter().chain(&self.statistics);
        tensors
            .map(|(name, tensor)| {
                let shape = tensor.size().into_iter().map(|side| side as usize).collect();
                Ok(Stored { name: name.clone(), shape, numbers: numbers(tensor)? })
            })
            .collect::<Result<_, TchError>>()
            .map(State)
    }

    /// Takes over the numbers that [`LearnedNetwork::state`] gave.
    pub fn restore(&mut self, weights: &Weights, prefix: &str) -> Result<(), TrainError> {
        tch::no_grad(|| {
            for (name, tensor) in self.parameters.iter_mut().chain(&mut self.statistics) {
                let stored = weights.get(&format!("{prefix}{name}"), &tensor.size()).map_err(TrainError::Weights)?;
                tensor.f_copy_(&stored)?;
            }
            Ok(())
        })
    }

    fn head_tensors(&self) -> [&Tensor; 2] {
        let [.., (_, weight), (_, bias)] = &self.parameters[..] else { unreachable!("`load` has put them there") };
        [weight, bias]
    }
}

/// A tensor outside libtorch.
#[derive(Clone, Debug)]
pub struct Stored {
    pub name: String,
    pub shape: Vec<usize>,
    pub numbers: Vec<f32>,
}

impl Stored {
    /// The bytes of a file of safetensors.
    pub fn bytes(&self) -> Vec<u8> {
        self.numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }
}

/// The numbers of a network at one time.
#[derive(Clone, Debug)]
pub struct State(pub Vec<Stored>);

impl State {
    /// A file of the backbone alone, under the names that it was loaded by.
    pub fn backbone_file(&self) -> Result<Vec<u8>, safetensors::SafeTensorError> {
        let tensors = self.0.iter().filter(|tensor| !HEAD.contains(&tensor.name.as_str()));
        serialize(tensors.map(|tensor| (tensor.name.clone(), tensor)), None)
    }

    /// The head's numbers: the weight row by row, the bias.
    pub fn head(&self) -> [&[f32]; 2] {
        HEAD.map(|name| self.0.iter().find(|tensor| tensor.name == name).map_or(&[][..], |tensor| &tensor.numbers))
    }
}

/// A file of safetensors.
pub fn serialize<'a>(
    tensors: impl Iterator<Item = (String, &'a Stored)>,
    metadata: Option<std::collections::HashMap<String, String>>,
) -> Result<Vec<u8>, safetensors::SafeTensorError> {
    let bytes: Vec<_> = tensors.map(|(name, tensor)| (name, tensor.shape.clone(), tensor.bytes())).collect();
    let views = bytes
        .iter()
        .map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)))
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    safetensors::serialize(views, metadata)
}

pub fn numbers(tensor: &Tensor) -> Result<Vec<f32>, TchError> {
    let flat = tensor.f_detach()?.f_contiguous()?;
    let mut numbers = vec![0f32; flat.numel()];
    let count = numbers.len();
    flat.f_copy_data(&mut numbers, count)?;
    Ok(numbers)
}
