//! How good a model is, from what it says of the images that it had not learned from.

mod comparison;
mod notes;

pub use comparison::compare;

use crate::app::App;
use dto::{
    LabelId, ModelId, UserId,
    evaluation::{Evaluation, LabelEvaluation},
    model::Model,
};
use std::collections::HashMap;
use store::{Judgement, StoreError};
use vision::evaluate::{Judged, Scores};

/// A model with its judgements.
struct Examined {
    model: Model,
    judgements: Vec<Judgement>,
    /// The place of each label in the model's order.
    places: HashMap<LabelId, usize>,
}

impl Examined {
    /// # Errors
    /// [`StoreError::NotReady`] unless the model is ready.
    async fn read(app: &App, owner: UserId, id: ModelId) -> Result<Self, StoreError> {
        app.store.ready_model(owner, id).await?;
        let model = app.store.model(owner, id).await?;
        let judgements = app.store.judgements(owner, id).await?;
        let places = model.labels.iter().enumerate().map(|(place, label)| (label.id, place)).collect();
        Ok(Self { model, judgements, places })
    }

    /// Of the images that were kept aside.
    fn scores(&self) -> Scores {
        let judged: Vec<Judged> = self.judgements.iter().filter_map(|judgement| self.judged(judgement)).collect();
        Scores::of(&judged, self.model.labels.len())
    }

    fn judged(&self, judgement: &Judgement) -> Option<Judged> {
        judgement.out_of_fold.then_some(())?;
        Some(Judged {
            truth: *self.places.get(&judgement.label_id)?,
            predicted: *self.places.get(&judgement.predicted_id?)?,
            probability: judgement.probability?,
            true_probability: judgement.given_probability,
        })
    }

    /// How many images each label has, in the model's order.
    fn image_counts(&self) -> Vec<u64> {
        let mut counts = vec![0; self.model.labels.len()];
        for judgement in &self.judgements {
            if let Some(place) = self.places.get(&judgement.label_id) {
                counts[*place] += 1;
            }
        }
        counts
    }
}

/// All that is known of how good a model is.
pub async fn evaluate(app: &App, owner: UserId, id: ModelId) -> Result<Evaluation, StoreError> {
    let examined = Examined::read(app, owner, id).await?;
    let changed = app.store.changed_since(owner, id).await?;
    let scores = examined.scores();
    let counts = examined.image_counts();
    let notes = notes::notes(&examined.model.labels, &counts, &scores, changed);
    let model = examined.model;
    let tested = scores.labels.iter().map(|label| label.images).sum();
    let labels = model
        .labels
        .into_iter()
        .zip(&counts)
        .zip(scores.labels)
        .map(|((label, &images), scores)| LabelEvaluation {
            label_id: label.id,
            label: label.name,
            images,
            tested: scores.images,
            precision: scores.precision,
            recall: scores.recall,
            f1: scores.f1,
        })
        .collect();
    Ok(Evaluation {
        model_id: id,
        images: model.image_count,
        tested,
        accuracy: model.accuracy,
        accuracy_interval: model.accuracy_interval,
        accuracy_kind: model.accuracy_kind,
        training_accuracy: model.training_accuracy,
        macro_f1: scores.macro_f1,
        log_loss: scores.log_loss,
        calibration_error: scores.calibration_error,
        labels,
        confusion: scores.confusion,
        notes,
    })
}
