//! The last layer: from an embedding to a probability for each label.

use thiserror::Error;

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
}

impl Head {
    /// # Errors
    /// [`HeadError::Damaged`] unless `weight` has `bias.len() × dimensions` numbers and all numbers are finite.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>, dimensions: usize) -> Result<Self, HeadError> {
        let damaged = |what: &str| Err(HeadError::Damaged(what.to_owned()));
        if dimensions == 0 || bias.is_empty() || bias.len().checked_mul(dimensions) != Some(weight.len()) {
            return damaged("its tensors do not fit together");
        }
        if !weight.iter().chain(&bias).all(|number| number.is_finite()) {
            return damaged("it holds numbers that are not finite");
        }
        Ok(Self { weight, bias, dimensions })
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> Head {
        Head::new(vec![1.0, 0.0, 0.0, 1.0, -1.0, -1.0], vec![0.0, 0.5, 0.25], 2).expect("finite and fitting")
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
    fn numbers_that_are_not_finite_are_refused() {
        assert!(Head::new(vec![f32::NAN, 1.0], vec![0.0, 0.0], 1).is_err());
        assert!(Head::new(vec![1.0, 1.0], vec![0.0, 0.0], 2).is_err());
    }
}
