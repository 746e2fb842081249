//! What a model's answers on images that it has not learned from tell of it.

use super::{
    Case, Doubt, ImagePrediction, TrainError, TrainingSet, confidence,
    label_errors::{self, Evidence},
    neighbours::{self, Neighbours, Opinion},
};
use crate::{Classifier, Head, evaluate};

/// A model's answers, and how far they can be believed.
pub struct Measured {
    /// In the order of the images.
    pub predictions: Vec<ImagePrediction>,
    /// Share of right answers on held-out images, 0 to 1, and its 95 % interval; `None` without such images.
    pub accuracy: Option<f64>,
    pub accuracy_interval: Option<[f64; 2]>,
    temperature: f64,
    doubt: Option<Doubt>,
}

/// What was asked of a model, to be measured by.
pub struct Asked<'a> {
    /// The images, embedded as the model does it.
    pub set: &'a TrainingSet,
    /// `classes` numbers per image.
    pub logits: &'a [f32],
    /// Which fold holds an image out, so that who gave its logits had not learned from it; `None` if it had.
    pub folds: &'a [Option<usize>],
    /// The images that others are compared with.
    pub comparable: &'a [bool],
}

impl Measured {
    /// # Errors
    /// [`TrainError::NotFinite`] if an embedding is not finite.
    pub fn of(asked: &Asked) -> Result<Self, TrainError> {
        let Asked { set, logits, folds, .. } = *asked;
        let held_out: Vec<usize> = (0..set.images()).filter(|&image| folds[image].is_some()).collect();
        let row = |image: usize| &logits[image * set.classes..][..set.classes];
        let held_logits: Vec<f32> = held_out.iter().flat_map(|&image| row(image)).copied().collect();
        let held_targets: Vec<u32> = held_out.iter().map(|&image| set.targets[image]).collect();
        let temperature = confidence::temperature(&held_logits, &held_targets, set.classes);
        let probabilities: Vec<Vec<f64>> =
            (0..set.images()).map(|image| confidence::softmax(row(image), temperature)).collect();
        let mut predictions: Vec<ImagePrediction> = probabilities
            .iter()
            .zip(&set.targets)
            .zip(folds)
            .map(|((probabilities, &given), fold)| {
                let (predicted, probability) = confidence::likeliest(probabilities);
                let predicted = predicted as u32;
                let given_probability = probabilities[given as usize];
                ImagePrediction {
                    predicted,
                    probability,
                    given_probability,
                    out_of_fold: fold.is_some(),
                    suspicion: None,
                }
            })
            .collect();

        let (opinions, neighbours) = neighbours::among(set, folds, asked.comparable)?;
        let evidence: Vec<Evidence> = held_out
            .iter()
            .map(|&image| Evidence {
                given: set.targets[image],
                probabilities: &probabilities[image],
                opinion: opinions[image].as_ref(),
            })
            .collect();
        for (&image, suspicion) in held_out.iter().zip(label_errors::weigh(&evidence)) {
            predictions[image].suspicion = Some(suspicion);
        }
        let right = held_out.iter().filter(|&&image| predictions[image].predicted == set.targets[image]).count();
        Ok(Self {
            doubt: doubt(set, &held_out, &predictions, &opinions, neighbours),
            predictions,
            accuracy: (!held_out.is_empty()).then(|| right as f64 / held_out.len() as f64),
            accuracy_interval: evaluate::wilson(right, held_out.len()),
            temperature,
        })
    }

    /// The classifier whose probabilities mean what they say: the logits divided by the temperature.
    pub fn calibrate(
        &self,
        mut weight: Vec<f32>,
        mut bias: Vec<f32>,
        dimensions: usize,
    ) -> Result<Classifier, TrainError> {
        for number in weight.iter_mut().chain(&mut bias) {
            *number = (f64::from(*number) / self.temperature) as f32;
        }
        let head = Head::new(weight, bias, dimensions).map_err(|_| TrainError::NotFinite)?;
        Ok(Classifier::new(head, self.doubt.clone()))
    }
}

fn doubt(
    set: &TrainingSet,
    held_out: &[usize],
    predictions: &[ImagePrediction],
    opinions: &[Option<Opinion>],
    neighbours: Neighbours,
) -> Option<Doubt> {
    let cases: Vec<Case> = held_out
        .iter()
        .filter_map(|&image| {
            let ImagePrediction { probability, predicted, .. } = predictions[image];
            let right = predicted == set.targets[image];
            Some(Case { probability, predicted, right, opinion: opinions[image].as_ref()? })
        })
        .collect();
    Doubt::learn(neighbours, &cases)
}
