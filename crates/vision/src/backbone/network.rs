//! A pretrained network in one precision: crops in, embeddings out.

use super::{
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

/// A backbone, and how it wants its pictures.
pub struct Network {
    body: Box<dyn Body>,
    /// Per channel, on the scale of 0 to 255: what is taken away, and what the rest is divided by.
    mean: Tensor,
    deviation: Tensor,
    dimensions: usize,
}

impl Network {
    /// `kind` is the precision of the layers, but for those that lose too much by it.
    pub fn load(backbone: Backbone, weights: &Weights, kind: Kind) -> Result<Self, WeightsError> {
        let body: Box<dyn Body> = match backbone {
            Backbone::Resnet18 => Box::new(Resnet18::load(weights, kind)?),
            Backbone::EfficientnetLite0 => Box::new(EfficientnetLite0::load(weights, kind)?),
        };
        let (mean, deviation) = normalisation(backbone);
        Ok(Self {
            body,
            mean: Tensor::f_from_slice(&mean)?,
            deviation: Tensor::f_from_slice(&deviation)?,
            dimensions: backbone.dimensions(),
        })
    }

    /// The embeddings of some pictures, in their order.
    pub fn embed(&self, crops: &[&Crop]) -> Result<Vec<Embedding>, TchError> {
        tch::no_grad(|| {
            let pooled = self
                .body
                .features(&self.pictures(crops)?)?
                .f_mean_dim(Some(&[2i64, 3][..]), false, Kind::Float)?
                .f_contiguous()?;
            let mut numbers = vec![0f32; crops.len() * self.dimensions];
            let count = numbers.len();
            pooled.f_copy_data(&mut numbers, count)?;
            Ok(numbers.chunks_exact(self.dimensions).map(<[f32]>::to_vec).collect())
        })
    }

    /// `[pictures, 3, 224, 224]`, normalised. Crops keep the channels of a pixel together, and so does the tensor in
    /// memory: the CPU's convolutions are fastest so.
    fn pictures(&self, crops: &[&Crop]) -> Result<Tensor, TchError> {
        let bytes: Vec<u8> = crops.iter().flat_map(|crop| crop.pixels()).copied().collect();
        let side = i64::from(SIDE);
        Tensor::f_from_data_size(&bytes, &[crops.len() as i64, side, side, 3], Kind::Uint8)?
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
