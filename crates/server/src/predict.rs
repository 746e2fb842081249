//! From cropped pictures to answers.

use crate::app::App;
use dto::{
    ModelId, Problem, ProjectId, UserId,
    model::{Backbone, Mode},
    predict::{LabelProbability, Prediction, Predictions},
};
use store::{ReadyModel, StoreError};
use vision::{Crop, Embedding, EngineError, Head, HeadError, Purpose, Tuned};

/// Why nothing can be predicted.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the model's file can't be used: {0}")]
    File(#[from] HeadError),
    #[error("the model was trained with other weights of {} than this server has", .0.title())]
    OtherWeights(Backbone),
}

/// A file to predict: its name, and what the backbone looks at, or why it can't.
pub type File = (String, Result<Crop, Problem>);

/// A model that is ready to predict.
pub struct Predictor {
    model: ReadyModel,
    head: Head,
}

impl Predictor {
    pub async fn of_model(app: &App, owner: UserId, id: ModelId) -> Result<Self, PredictError> {
        Self::load(app, app.store.ready_model(owner, id).await?).await
    }

    /// The project's active model.
    pub async fn of_project(app: &App, owner: UserId, id: ProjectId) -> Result<Self, PredictError> {
        Self::load(app, app.store.active_model(owner, id).await?).await
    }

    async fn load(app: &App, model: ReadyModel) -> Result<Self, PredictError> {
        if model.mode == Mode::Instant
            && app.engine.weights_sha256(model.backbone) != Some(model.weights_sha256.as_str())
        {
            return Err(PredictError::OtherWeights(model.backbone));
        }
        let head = Head::from_safetensors(&app.store.blobs().get(&model.file_key).await?)?;
        Ok(Self { model, head })
    }

    /// One answer per file, in order. `expected` has the name of each file's true label, if they are known.
    pub async fn predict(
        &self,
        app: &App,
        files: Vec<File>,
        expected: Option<Vec<String>>,
    ) -> Result<Predictions, PredictError> {
        let mut crops = Vec::new();
        let mut items = Vec::with_capacity(files.len());
        for (i, (file_name, crop)) in files.into_iter().enumerate() {
            let expected = expected.as_ref().map(|labels| labels[i].clone());
            let problem = crop.map(|crop| crops.push(crop)).err();
            items.push(unanswered(file_name, expected, problem));
        }
        let embeddings = self.embed(app, crops).await?;
        let readable = items.iter_mut().filter(|item| item.problem.is_none());
        for (item, embedding) in readable.zip(&embeddings) {
            self.answer(item, embedding)?;
        }
        Ok(Predictions { model_id: self.model.id, accuracy: accuracy(&items), items })
    }

    async fn embed(&self, app: &App, crops: Vec<Crop>) -> Result<Vec<Embedding>, PredictError> {
        let backbone = self.model.backbone;
        if self.model.mode == Mode::Instant {
            return Ok(app.engine.embed(backbone, crops, Purpose::Predict).await?);
        }
        let remembered = Tuned { model: self.model.id, file: None };
        match app.engine.embed_tuned(backbone, remembered.clone(), crops.clone()).await {
            Err(EngineError::NotLoaded) => {
                let file = app.store.blobs().get(&store::backbone_key(self.model.id)).await?;
                let tuned = Tuned { file: Some(file), ..remembered };
                Ok(app.engine.embed_tuned(backbone, tuned, crops).await?)
            }
            answer => Ok(answer?),
        }
    }

    fn answer(&self, item: &mut Prediction, embedding: &[f32]) -> Result<(), PredictError> {
        let probabilities = self.head.probabilities(embedding)?;
        item.probabilities = self
            .model
            .labels
            .iter()
            .zip(probabilities)
            .map(|(label, probability)| LabelProbability {
                label: label.name.clone(),
                label_id: label.id,
                probability: probability.into(),
            })
            .collect();
        item.probabilities.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        if let Some(best) = item.probabilities.first() {
            item.label = Some(best.label.clone());
            item.label_id = Some(best.label_id);
            item.probability = Some(best.probability);
            item.unsure = Some(self.head.unsure(best.probability));
            item.correct = item.expected.as_ref().map(|expected| *expected == best.label);
        }
        Ok(())
    }
}

fn unanswered(file_name: String, expected: Option<String>, problem: Option<Problem>) -> Prediction {
    Prediction {
        file_name,
        label: None,
        label_id: None,
        probability: None,
        unsure: None,
        probabilities: Vec::new(),
        expected,
        correct: None,
        problem,
    }
}

/// The share of right answers among those that could be checked.
fn accuracy(items: &[Prediction]) -> Option<f64> {
    let checked: Vec<bool> = items.iter().filter_map(|item| item.correct).collect();
    let right = checked.iter().filter(|right| **right).count();
    (!checked.is_empty()).then(|| right as f64 / checked.len() as f64)
}
