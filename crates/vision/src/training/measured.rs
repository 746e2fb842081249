//! What a model's answers on images that it has not learned from tell of it.

use super::{ImagePrediction, TrainError, confidence};
use crate::{Head, evaluate};

/// A model's answers, and how far they can be believed.
pub struct Measured {
    /// In the order of the images.
    pub predictions: Vec<ImagePrediction>,
    /// Share of right answers on held-out images, 0 to 1, and its 95 % interval; `None` without such images.
    pub accuracy: Option<f64>,
    pub accuracy_interval: Option<[f64; 2]>,
    temperature: f64,
    unsure_below: f64,
}

impl Measured {
    /// `logits` holds `classes` numbers per image; `held_out` says of each whether the model that gave them had not
    /// learned from it.
    pub fn of(logits: &[f32], classes: usize, targets: &[u32], held_out: &[bool]) -> Self {
        let rows = || logits.chunks_exact(classes).zip(targets).zip(held_out);
        let (held_logits, held_targets): (Vec<&[f32]>, Vec<u32>) =
            rows().filter(|(_, held)| **held).map(|((row, &target), _)| (row, target)).unzip();
        let temperature = confidence::temperature(&held_logits.concat(), &held_targets, classes);
        let predictions: Vec<ImagePrediction> = rows()
            .map(|((row, _), &held)| {
                let (predicted, probability) = likeliest(&confidence::softmax(row, temperature));
                ImagePrediction { predicted, probability, out_of_fold: held }
            })
            .collect();
        let answers: Vec<(f64, bool)> = predictions
            .iter()
            .zip(targets)
            .filter(|(prediction, _)| prediction.out_of_fold)
            .map(|(prediction, &target)| (prediction.probability, prediction.predicted == target))
            .collect();
        let right = answers.iter().filter(|(_, right)| *right).count();
        Self {
            predictions,
            accuracy: (!answers.is_empty()).then(|| right as f64 / answers.len() as f64),
            accuracy_interval: evaluate::wilson(right, answers.len()),
            temperature,
            unsure_below: confidence::unsure_below(answers),
        }
    }

    /// The head whose probabilities mean what they say: the logits divided by the temperature.
    pub fn calibrate(&self, mut weight: Vec<f32>, mut bias: Vec<f32>, dimensions: usize) -> Result<Head, TrainError> {
        for number in weight.iter_mut().chain(&mut bias) {
            *number = (f64::from(*number) / self.temperature) as f32;
        }
        Head::new(weight, bias, dimensions, self.unsure_below).map_err(|_| TrainError::NotFinite)
    }
}

/// The likeliest label, the first of equals, and its probability.
fn likeliest(probabilities: &[f64]) -> (u32, f64) {
    let first = (0, f64::NEG_INFINITY);
    probabilities.iter().zip(0..).fold(
        first,
        |best, (&probability, label)| {
            if probability > best.1 { (label, probability) } else { best }
        },
    )
}
