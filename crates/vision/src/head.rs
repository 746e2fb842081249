//! The last layer: from an embedding to a probability for each label.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::HashMap;
use thiserror::Error;

/// The metadata key under which a file keeps [`Head::unsure_below`].
const UNSURE_BELOW: &str = "unsure_below";

/// Why a head can't be read or used.
#[derive(Debug, Error)]
pub enum HeadError {
    #[error("the model's file is damaged: {0}")]
    Damaged(String),
    #[error("the model takes embeddings of {expected} numbers, not {found}")]
    Dimensions { expected: usize, found: usize },
    #[error("the embedding holds numbers that are not finite")]
    NotFinite,
    #[error("the model's file could not be written: {0}")]
    Write(safetensors::SafeTensorError),
}

/// A softmax layer that takes embeddings as the backbone makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// `labels × dimensions`, row by row.
    weight: Vec<f32>,
    /// One per label.
    bias: Vec<f32>,
    dimensions: usize,
    unsure_below: f64,
}

impl Head {
    /// # Errors
    /// [`HeadError::Damaged`] unless `weight` has `bias.len() × dimensions` numbers and all numbers are finite.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>, dimensions: usize, unsure_below: f64) -> Result<Self, HeadError> {
        let damaged = |what: &str| Err(HeadError::Damaged(what.to_owned()));
        if dimensions == 0 || bias.is_empty() || bias.len().checked_mul(dimensions) != Some(weight.len()) {
            return damaged("its tensors do not fit together");
        }
        if !weight.iter().chain(&bias).all(|number| number.is_finite()) {
            return damaged("it holds numbers that are not finite");
        }
        if !(0.0..=1.0).contains(&unsure_below) {
            return damaged("its threshold is no probability");
        }
        Ok(Self { weight, bias, dimensions, unsure_below })
    }

    /// How many labels it tells apart.
    pub fn labels(&self) -> usize {
        self.bias.len()
    }

    /// Row by row, one per label.
    pub fn weight(&self) -> &[f32] {
        &self.weight
    }

    /// One number per label.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// How many numbers an embedding must have.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The probability below which a prediction had better be asked twice; see [`crate::instant`] for the rule.
    pub fn unsure_below(&self) -> f64 {
        self.unsure_below
    }

    /// Whether a prediction of this probability had better be asked twice.
    pub fn unsure(&self, probability: f64) -> bool {
        probability < self.unsure_below
    }

    /// One probability per label, in the labels' order; they add up to 1.
    pub fn probabilities(&self, embedding: &[f32]) -> Result<Vec<f32>, HeadError> {
        if embedding.len() != self.dimensions {
            return Err(HeadError::Dimensions { expected: self.dimensions, found: embedding.len() });
        }
        let logits = self.weight.chunks_exact(self.dimensions).zip(&self.bias).map(|(row, &bias)| {
            let product: f64 = row.iter().zip(embedding).map(|(&w, &x)| f64::from(w) * f64::from(x)).sum();
            product + f64::from(bias)
        });
        let logits: Vec<f64> = logits.collect();
        let highest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // Taking the highest away keeps every exponential within 0 and 1.
        let exponentials: Vec<f64> = logits.iter().map(|logit| (logit - highest).exp()).collect();
        let total: f64 = exponentials.iter().sum();
        if !total.is_finite() {
            return Err(HeadError::NotFinite);
        }
        Ok(exponentials.iter().map(|exponential| (exponential / total) as f32).collect())
    }

    /// As a safetensors file: `weight` (labels × dimensions), `bias` (labels), and the threshold in its metadata.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, HeadError> {
        let bytes = |numbers: &[f32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let (weight, bias) = (bytes(&self.weight), bytes(&self.bias));
        let view = |shape, bytes| TensorView::new(Dtype::F32, shape, bytes).map_err(HeadError::Write);
        let tensors = [
            ("weight", view(vec![self.labels(), self.dimensions], &weight)?),
            ("bias", view(vec![self.labels()], &bias)?),
        ];
        let metadata = HashMap::from([(UNSURE_BELOW.to_owned(), self.unsure_below.to_string())]);
        safetensors::serialize(tensors, Some(metadata)).map_err(HeadError::Write)
    }

    /// Reads what [`Head::to_safetensors`] wrote; a damaged or foreign file is an error.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, HeadError> {
        let damaged = |error: safetensors::SafeTensorError| HeadError::Damaged(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let unsure_below = metadata.metadata().as_ref().and_then(|texts| texts.get(UNSURE_BELOW)?.parse().ok());
        let unsure_below = unsure_below.ok_or_else(|| HeadError::Damaged("it has no threshold".into()))?;
        let tensors = SafeTensors::deserialize(bytes).map_err(damaged)?;
        let ([_, dimensions], weight) = floats(&tensors, "weight")?;
        let ([_], bias) = floats(&tensors, "bias")?;
        Self::new(weight, bias, dimensions, unsure_below)
    }
}

/// The shape and the numbers of a tensor of `N` dimensions.
fn floats<const N: usize>(tensors: &SafeTensors, name: &str) -> Result<([usize; N], Vec<f32>), HeadError> {
    let damaged = || HeadError::Damaged(format!("its tensor {name} is not as expected"));
    let view = tensors.tensor(name).map_err(|_| damaged())?;
    let shape = view.shape().try_into().map_err(|_| damaged())?;
    if view.dtype() != Dtype::F32 {
        return Err(damaged());
    }
    let numbers = view.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Ok((shape, numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head::new(vec![1.0, 0.0, 0.0, 1.0, -1.0, -1.0], vec![0.0, 0.5, 0.25], 2, 0.7).expect("finite and fitting")
    }

    #[test]
    fn probabilities_are_the_softmax() {
        let probabilities = head().probabilities(&[1.0, 0.5]).expect("two numbers");
        let logits = [1.0f32, 1.0, -1.25].map(f32::exp);
        for (probability, exponential) in probabilities.iter().zip(logits) {
            assert!((probability - exponential / logits.iter().sum::<f32>()).abs() < 1e-6);
        }
    }

    #[test]
    fn large_logits_do_not_overflow() {
        let probabilities = head().probabilities(&[1e30, -1e30]).expect("finite numbers");
        assert_eq!(probabilities, [1.0, 0.0, 0.0]);
    }

    #[test]
    fn refuses_what_is_no_embedding() {
        assert!(matches!(head().probabilities(&[1.0]), Err(HeadError::Dimensions { expected: 2, found: 1 })));
        assert!(matches!(head().probabilities(&[f32::NAN, 1.0]), Err(HeadError::NotFinite)));
        assert!(matches!(head().probabilities(&[f32::INFINITY, 1.0]), Err(HeadError::NotFinite)));
    }

    #[test]
    fn a_file_brings_back_the_same_head() {
        let bytes = head().to_safetensors().expect("a small head");
        assert_eq!(Head::from_safetensors(&bytes).expect("what was just written"), head());
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let bytes = head().to_safetensors().expect("a small head");
        for length in 0..bytes.len() {
            assert!(Head::from_safetensors(&bytes[..length]).is_err(), "cut to {length}");
        }
        // Whatever a changed byte does, it must not panic, and what is read must be sound.
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xFF;
            if let Ok(head) = Head::from_safetensors(&changed) {
                assert!(head.probabilities(&vec![0.0; head.dimensions()]).is_ok());
            }
        }
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused() {
        assert!(Head::new(vec![f32::NAN, 1.0], vec![0.0, 0.0], 1, 0.5).is_err());
        assert!(Head::new(vec![1.0, 1.0], vec![0.0, 0.0], 1, f64::NAN).is_err());
        assert!(Head::new(vec![1.0, 1.0], vec![0.0, 0.0], 2, 0.5).is_err());
    }
}
