//! A trained model as it is kept: the head that names labels, and the doubt that says when not to believe it.

use crate::{
    head::{Head, HeadError},
    training::{Doubt, Neighbours, likeliest},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::HashMap;

/// The metadata key of the statistic above which a prediction is unsure.
const THRESHOLD: &str = "unsure_above";

/// From an embedding to probabilities, and whether they can be believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Classifier {
    head: Head,
    /// `None` if too few images could be held out to tell what is usual.
    doubt: Option<Doubt>,
}

/// What a classifier says of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// One per label, in the labels' order; they add up to 1.
    pub probabilities: Vec<f32>,
    /// The likeliest label, the first of equals.
    pub best: usize,
    /// Whether it had better be asked twice.
    pub unsure: bool,
}

/// Whether the bytes are a whole file of tensors, as models and their backbones are kept in.
pub fn is_whole_file(bytes: &[u8]) -> bool {
    SafeTensors::deserialize(bytes).is_ok()
}

impl Classifier {
    pub fn new(head: Head, doubt: Option<Doubt>) -> Self {
        Self { head, doubt }
    }

    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Answers for one embedding.
    ///
    /// # Errors
    /// [`HeadError`] if it is not one that this classifier takes.
    pub fn answer(&self, embedding: &[f32]) -> Result<Answer, HeadError> {
        let probabilities = self.head.probabilities(embedding)?;
        let (best, highest) = likeliest(&probabilities);
        // What nothing speaks for but the model's own word is not sure.
        let unsure = self.doubt.as_ref().is_none_or(|doubt| doubt.unsure(embedding, best as u32, highest));
        Ok(Answer { probabilities, best, unsure })
    }

    /// As a safetensors file: `weight` (labels × dimensions) and `bias` (labels), and where there is a doubt
    /// `neighbours` (images × dimensions, directions in bfloat16) with their `neighbour_labels`, and the sorted `disagreements`
    /// and `distances` of held-out images, with the threshold in the metadata.
    ///
    /// # Errors
    /// [`HeadError::Write`], which only a defect brings about.
    pub fn to_safetensors(&self) -> Result<Vec<u8>, HeadError> {
        let head = &self.head;
        let mut tensors: Vec<Written> = vec![
            ("weight", Dtype::F32, vec![head.labels(), head.dimensions()], floats(head.weight())),
            ("bias", Dtype::F32, vec![head.labels()], floats(head.bias())),
        ];
        let mut metadata = None;
        if let Some(doubt) = &self.doubt {
            let (neighbours, disagreements, distances, threshold) = doubt.parts();
            let targets = neighbours.targets();
            let labels = targets.iter().flat_map(|target| target.to_le_bytes()).collect();
            let shape = vec![targets.len(), head.dimensions()];
            tensors.push(("neighbours", Dtype::BF16, shape, halves(neighbours.directions())));
            tensors.push(("neighbour_labels", Dtype::U32, vec![targets.len()], labels));
            tensors.push(("disagreements", Dtype::F32, vec![disagreements.len()], floats(disagreements)));
            tensors.push(("distances", Dtype::F32, vec![distances.len()], floats(distances)));
            metadata = Some(HashMap::from([(THRESHOLD.to_owned(), threshold.to_string())]));
        }
        let views = tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| Ok((*name, TensorView::new(*dtype, shape.clone(), bytes)?)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(HeadError::Write)?;
        safetensors::serialize(views, metadata).map_err(HeadError::Write)
    }

    /// Reads what [`Classifier::to_safetensors`] wrote.
    ///
    /// # Errors
    /// [`HeadError::Damaged`] for a damaged or foreign file.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, HeadError> {
        let damaged = |error: safetensors::SafeTensorError| HeadError::Damaged(error.to_string());
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
        let threshold = metadata.metadata().as_ref().and_then(|texts| texts.get(THRESHOLD)?.parse().ok());
        let file = File(SafeTensors::deserialize(bytes).map_err(damaged)?);
        let ([_, dimensions], weight) = file.floats("weight")?;
        let ([_], bias) = file.floats("bias")?;
        let head = Head::new(weight, bias, dimensions)?;
        let doubt = match threshold {
            Some(threshold) => Some(file.doubt(&head, threshold)?),
            None => None,
        };
        Ok(Self { head, doubt })
    }
}

/// A tensor to be written: its name, type and shape, and its values in little-endian order.
type Written = (&'static str, Dtype, Vec<usize>, Vec<u8>);

struct File<'a>(SafeTensors<'a>);

impl File<'_> {
    fn doubt(&self, head: &Head, threshold: f64) -> Result<Doubt, HeadError> {
        let ([_, dimensions], directions) = self.read("neighbours", Dtype::BF16, |bytes: [u8; 2]| {
            f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16)
        })?;
        let ([_], targets) = self.read("neighbour_labels", Dtype::U32, u32::from_le_bytes)?;
        let ([_], disagreements) = self.floats("disagreements")?;
        let ([_], distances) = self.floats("distances")?;
        let neighbours = Neighbours::new(directions, targets, dimensions, head.labels());
        let doubt = neighbours
            .filter(|_| dimensions == head.dimensions())
            .and_then(|neighbours| Doubt::from_parts(neighbours, disagreements, distances, threshold));
        doubt.ok_or_else(|| HeadError::Damaged("its tensors do not fit together".into()))
    }

    fn floats<const N: usize>(&self, name: &str) -> Result<([usize; N], Vec<f32>), HeadError> {
        self.read(name, Dtype::F32, f32::from_le_bytes)
    }

    /// The shape and the values of a tensor of `N` dimensions whose values take `B` bytes each.
    fn read<const N: usize, const B: usize, T>(
        &self,
        name: &str,
        dtype: Dtype,
        value: impl Fn([u8; B]) -> T,
    ) -> Result<([usize; N], Vec<T>), HeadError> {
        let damaged = || HeadError::Damaged(format!("its tensor {name} is not as expected"));
        let view = self.0.tensor(name).map_err(|_| damaged())?;
        let shape = view.shape().try_into().map_err(|_| damaged())?;
        if view.dtype() != dtype {
            return Err(damaged());
        }
        Ok((shape, view.data().as_chunks::<B>().0.iter().map(|bytes| value(*bytes)).collect()))
    }
}

fn floats(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// As bfloat16, rounded to the nearest; the values are finite.
fn halves(values: &[f32]) -> Vec<u8> {
    let half = |value: f32| {
        let bits = value.to_bits();
        ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16) as u16
    };
    values.iter().flat_map(|&value| half(value).to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::{Case, Opinion};

    fn classifier() -> Classifier {
        let head = Head::new(vec![1.0, 0.0, 0.0, 1.0, -1.0, -1.0], vec![0.0, 0.5, 0.25], 2).expect("fitting");
        let neighbours = Neighbours::new(vec![1.0, 0.0, 0.0, 1.0], vec![0, 1], 2, 3).expect("fitting");
        let opinion = Opinion { distance: 0.25, votes: vec![0.5, 0.5, 0.0] };
        let case = || Case { probability: 0.75, predicted: 0, right: true, opinion: &opinion };
        let doubt = Doubt::learn(neighbours, &(0..20).map(|_| case()).collect::<Vec<_>>());
        Classifier::new(head, doubt)
    }

    #[test]
    fn a_file_brings_back_the_same_classifier() {
        for classifier in [classifier(), Classifier { doubt: None, ..classifier() }] {
            let bytes = classifier.to_safetensors().expect("small");
            assert_eq!(Classifier::from_safetensors(&bytes).expect("what was just written"), classifier);
        }
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let bytes = classifier().to_safetensors().expect("small");
        for length in 0..bytes.len() {
            assert!(Classifier::from_safetensors(&bytes[..length]).is_err(), "cut to {length}");
        }
        // Whatever a changed byte does, it must not panic, and what is read must be sound.
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0xFF;
            if let Ok(read) = Classifier::from_safetensors(&changed) {
                assert!(read.answer(&vec![0.0; read.head().dimensions()]).is_ok());
            }
        }
    }

    #[test]
    fn unproven_models_are_never_sure() {
        let unproven = Classifier { doubt: None, ..classifier() };
        let answer = unproven.answer(&[9.0, 0.0]).expect("two numbers");
        assert_eq!((answer.best, answer.unsure), (0, true));
    }
}
