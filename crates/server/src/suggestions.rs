//! Labels that the newest instant model suggests for images that have none.

use crate::{
    app::App,
    predict::{PredictError, Predictor},
};
use dto::{
    ImageId, LabelId, ModelId, ProjectId, UserId,
    suggestion::{Suggestion, SuggestionOrder},
};
use std::collections::HashMap;
use store::EmbeddedImages;
use vision::{Classifier, HeadError};

/// Suggestions for all unlabelled images of a project that the server has looked at, in no order.
pub struct Suggested {
    pub model: ModelId,
    pub items: Vec<Suggestion>,
    /// Images that it has not looked at yet.
    pub pending: u64,
}

impl Suggested {
    pub async fn of_project(app: &App, owner: UserId, project: ProjectId) -> Result<Self, PredictError> {
        let predictor = Predictor::of_embeddings(app, owner, project).await?;
        let model = predictor.model();
        let found =
            app.store.embedded_images(owner, project, &model.weights_sha256, &model.preprocessing, true).await?;
        let (pending, id) = (found.pending, model.id);
        // Labels deleted since the model learned them can't be given to anything.
        let here: HashMap<LabelId, String> =
            app.store.labels(owner, project).await?.into_iter().map(|label| (label.id, label.name)).collect();
        let labels: Vec<Option<(LabelId, String)>> =
            model.labels.iter().map(|label| here.get(&label.id).map(|name| (label.id, name.clone()))).collect();
        let classifier = predictor.classifier().clone();
        let asking = tokio::task::spawn_blocking(move || suggest(&classifier, &labels, found));
        let items = asking.await.map_err(|_| PredictError::Thread)??;
        Ok(Self { model: id, items, pending })
    }

    /// Keeps the suggestions of a label, and those of at least some probability that the model is not unsure of.
    pub fn retain(&mut self, label: Option<LabelId>, at_least: Option<f64>) {
        self.items.retain(|item| {
            label.is_none_or(|label| item.label_id == label)
                && at_least.is_none_or(|least| item.probability >= least && !item.unsure)
        });
    }

    pub fn sort(&mut self, order: SuggestionOrder) {
        self.items.sort_by(|a, b| {
            let (a, b) = (rank(a, order), rank(b, order));
            b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
        });
    }
}

/// What suggestions are sorted by, the highest first and then by image. Whatever the model is unsure of counts as less
/// certain than all the rest.
pub fn rank(suggestion: &Suggestion, order: SuggestionOrder) -> (f64, ImageId) {
    let certainty = suggestion.probability - f64::from(u8::from(suggestion.unsure));
    let number = match order {
        SuggestionOrder::MostCertain => certainty,
        SuggestionOrder::MostUncertain => -certainty,
    };
    (number, suggestion.image_id)
}

/// `labels` are the model's, in its order; `None` for one that is gone.
fn suggest(
    classifier: &Classifier,
    labels: &[Option<(LabelId, String)>],
    found: EmbeddedImages,
) -> Result<Vec<Suggestion>, HeadError> {
    let rows = found.embeddings.chunks_exact(classifier.head().dimensions());
    let mut suggestions = Vec::with_capacity(found.images.len());
    for (image, embedding) in found.images.into_iter().zip(rows) {
        let answer = classifier.answer(embedding)?;
        if let Some(Some((label_id, label))) = labels.get(answer.best) {
            suggestions.push(Suggestion {
                image_id: image.image_id,
                file_name: image.file_name,
                label: label.clone(),
                label_id: *label_id,
                probability: f64::from(answer.probabilities[answer.best]),
                unsure: answer.unsure,
            });
        }
    }
    Ok(suggestions)
}
