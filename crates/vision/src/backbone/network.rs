//! A pretrained network, ready to compute in one way: crops in, embeddings out.

use super::{
    Compute,
    conv::{Conv, ConvSpec, Layer},
    efficientnet_lite0::EfficientnetLite0,
    resnet18::Resnet18,
    weights::{Weights, WeightsError},
};
use crate::preprocess::{Crop, SIDE};
use dto::model::Backbone;
use tch::{Kind, TchError, Tensor};

/// What a picture is to a classifier: one number per feature of the backbone.
pub type Embedding = Vec<f32>;

/// The layers of a backbone up to its last pooling.
pub trait Body: Send {
    /// In: `[pictures, 3, 224, 224]`, normalised; out: `[pictures, dimensions, 7, 7]`.
    fn features(&self, pictures: &Tensor) -> Result<Tensor, TchError>;
}

/// Builds the body of a backbone of layers that `layer` makes.
pub fn build<L: Layer + 'static, E>(
    backbone: Backbone,
    layer: &mut dyn FnMut(ConvSpec) -> Result<L, E>,
) -> Result<Box<dyn Body>, E> {
    Ok(match backbone {
        Backbone::Resnet18 => Box::new(Resnet18::build(layer)?),
        Backbone::EfficientnetLite0 => Box::new(EfficientnetLite0::build(layer)?),
    })
}

/// A backbone, and how it wants its pictures.
pub struct Network {
    body: Box<dyn Body>,
    normalisation: Normalisation,
}

impl Network {
    /// `compute` tells the precision of the layers, but for those that lose too much by it.
    pub fn load(backbone: Backbone, weights: &Weights, compute: Compute) -> Result<Self, WeightsError> {
        Ok(Self {
            body: build(backbone, &mut |spec| Conv::load(weights, spec, compute))?,
            normalisation: Normalisation::of(backbone, compute)?,
        })
    }

    /// The embeddings of some pictures, in their order; `crops` are the pixels of each.
    pub fn embed(&self, crops: &[&[u8]]) -> Result<Vec<Embedding>, TchError> {
        self.look(crops, pool)
    }

    /// The features of some pictures before pooling, each `dimensions × 7 × 7`.
    pub fn features(&self, crops: &[&[u8]]) -> Result<Vec<Vec<f32>>, TchError> {
        self.look(crops, |features| features.f_to_kind(Kind::Float))
    }

    /// What `of` makes of the pictures' features, cut into as many parts.
    fn look(
        &self,
        crops: &[&[u8]],
        of: impl Fn(&Tensor) -> Result<Tensor, TchError>,
    ) -> Result<Vec<Vec<f32>>, TchError> {
        tch::no_grad(|| {
            let bytes = crops.concat();
            let seen = of(&self.body.features(&self.normalisation.pictures(&bytes)?)?)?.f_contiguous()?;
            let mut numbers = vec![0f32; seen.numel()];
            let count = numbers.len();
            seen.f_copy_data(&mut numbers, count)?;
            Ok(numbers.chunks_exact((count / crops.len().max(1)).max(1)).map(<[f32]>::to_vec).collect())
        })
    }
}

/// `[pictures, dimensions, 7, 7]` to embeddings, `[pictures, dimensions]` in 32 bits.
pub fn pool(features: &Tensor) -> Result<Tensor, TchError> {
    features.f_mean_dim(Some(&[2i64, 3][..]), false, Kind::Float)
}

/// Per channel, on the scale of 0 to 255: what is taken away, and what the rest is divided by.
pub struct Normalisation {
    mean: Tensor,
    deviation: Tensor,
    compute: Compute,
}

impl Normalisation {
    pub fn of(backbone: Backbone, compute: Compute) -> Result<Self, TchError> {
        let (mean, deviation) = normalisation(backbone);
        let bring = |numbers: &[f32]| compute.bring(&Tensor::f_from_slice(numbers)?);
        Ok(Self { mean: bring(&mean)?, deviation: bring(&deviation)?, compute })
    }

    /// The pixels of crops, one crop after another, as `[pictures, 3, 224, 224]`. Crops keep the channels of a pixel
    /// together, and so does the tensor in memory: convolutions are fastest so.
    pub fn pictures(&self, pixels: &[u8]) -> Result<Tensor, TchError> {
        let (side, count) = (i64::from(SIDE), pixels.len() / Crop::BYTES);
        let bytes = Tensor::f_from_data_size(pixels, &[count as i64, side, side, 3], Kind::Uint8)?;
        self.compute
            .bring(&bytes)?
            .f_to_kind(Kind::Float)?
            .f_sub(&self.mean)?
            .f_div(&self.deviation)?
            .f_permute([0, 3, 1, 2])
    }
}

/// Mean and deviation per channel that the weights were trained with, on the scale of 0 to 255.
fn normalisation(backbone: Backbone) -> ([f32; 3], [f32; 3]) {
    match backbone {
        // ImageNet's, as torchvision has them.
        Backbone::Resnet18 => {
            ([0.485, 0.456, 0.406].map(|mean: f32| mean * 255.0), [0.229, 0.224, 0.225].map(|std: f32| std * 255.0))
        }
        Backbone::EfficientnetLite0 => ([127.0; 3], [128.0; 3]),
    }
}
