//! From cropped pictures to answers.

use crate::{app::App, classifiers::ClassifierError, model_files};
use dto::{
    LabelId, ModelId, Problem, ProjectId, UserId,
    model::{Backbone, Mode},
    predict::{LabelProbability, Prediction, Predictions},
};
use std::sync::Arc;
use store::{ReadyModel, StoreError};
use tokio::task::spawn_blocking;
use vision::{Classifier, Crop, Embedding, EngineError, ExplainError, HeadError, HeatMap, Purpose, Tuned};

/// Why nothing can be predicted.
#[derive(Debug, thiserror::Error)]
pub enum PredictError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the model can't be used: {0}")]
    Classifier(ClassifierError),
    #[error("the picture's embedding does not fit the model: {0}")]
    Head(#[from] HeadError),
    #[error("there is no heat map: {0}")]
    Explain(#[from] ExplainError),
    /// Asked where a model looked for a label that it does not know.
    #[error("the model does not know the label")]
    UnknownLabel,
    #[error("no backbone has weights")]
    NoWeights,
    #[error("a thread ended early")]
    Thread,
    #[error("the model was trained with other weights of {} than this server has", .0.title())]
    OtherWeights(Backbone),
}

impl From<ClassifierError> for PredictError {
    fn from(error: ClassifierError) -> Self {
        match error {
            ClassifierError::Store(error) => Self::Store(error),
            error => Self::Classifier(error),
        }
    }
}

/// A file to predict: its name, and what the backbone looks at, or why it can't.
pub type File = (String, Result<Crop, Problem>);

/// A model that is ready to predict.
pub struct Predictor {
    model: ReadyModel,
    classifier: Arc<Classifier>,
}

impl Predictor {
    pub async fn of_model(app: &App, owner: UserId, id: ModelId) -> Result<Self, PredictError> {
        Self::load(app, app.store.ready_model(owner, id).await?).await
    }

    /// The project's active model.
    pub async fn of_project(app: &App, owner: UserId, id: ProjectId) -> Result<Self, PredictError> {
        Self::load(app, app.store.active_model(owner, id).await?).await
    }

    /// The model of a project that stored embeddings can be asked about: the newest instant one, a draft included.
    pub async fn of_embeddings(app: &App, owner: UserId, id: ProjectId) -> Result<Self, PredictError> {
        Self::load(app, app.store.newest_instant_model(owner, id).await?).await
    }

    pub fn model(&self) -> &ReadyModel {
        &self.model
    }

    pub fn classifier(&self) -> &Arc<Classifier> {
        &self.classifier
    }

    async fn load(app: &App, model: ReadyModel) -> Result<Self, PredictError> {
        if model.mode == Mode::Instant
            && app.engine.weights_sha256(model.backbone) != Some(model.weights_sha256.as_str())
        {
            return Err(PredictError::OtherWeights(model.backbone));
        }
        let classifier = app.classifiers.of(&app.store, &model).await?;
        Ok(Self { model, classifier })
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

    /// Where the model looked, for the label or else for the one it predicts.
    pub async fn heat(&self, app: &App, crop: Crop, label: Option<LabelId>) -> Result<HeatMap, PredictError> {
        let backbone = self.model.backbone;
        let features = match self.model.mode {
            Mode::Instant => app.engine.features(backbone, None, crop).await?,
            Mode::FineTune => {
                self.with_own_backbone(app, |own| app.engine.features(backbone, Some(own), crop.clone())).await?
            }
        };
        let head = self.classifier.head();
        let place = match label {
            Some(id) => self.model.labels.iter().position(|label| label.id == id).ok_or(PredictError::UnknownLabel)?,
            None => {
                let places = (features.len() / head.dimensions()).max(1);
                let mean = |channel: &[f32]| channel.iter().sum::<f32>() / places as f32;
                self.classifier.answer(&features.chunks_exact(places).map(mean).collect::<Vec<_>>())?.best
            }
        };
        Ok(HeatMap::of(&features, head, place)?)
    }

    async fn embed(&self, app: &App, crops: Vec<Crop>) -> Result<Vec<Embedding>, PredictError> {
        let backbone = self.model.backbone;
        match self.model.mode {
            Mode::Instant => Ok(app.engine.embed(backbone, crops, Purpose::Predict).await?),
            Mode::FineTune => {
                self.with_own_backbone(app, |own| app.engine.embed_tuned(backbone, own, crops.clone())).await
            }
        }
    }

    /// Looks with the model's own backbone: again with its file where the engine does not have it in memory.
    async fn with_own_backbone<T>(
        &self,
        app: &App,
        look: impl AsyncFn(Tuned) -> Result<T, EngineError>,
    ) -> Result<T, PredictError> {
        match look(Tuned { model: self.model.id, file: None }).await {
            Err(EngineError::NotLoaded) => Ok(look(self.tuned_with_file(app).await?).await?),
            seen => Ok(seen?),
        }
    }

    async fn tuned_with_file(&self, app: &App) -> Result<Tuned, PredictError> {
        let file = app.store.blobs().get(&store::backbone_key(self.model.id)).await.map_err(|error| match error {
            StoreError::NotFound(_) => ClassifierError::Missing,
            error => ClassifierError::Store(error),
        })?;
        if let Some(written) = model_files::network_sha256(&app.store, self.model.id).await? {
            let bytes = file.clone();
            let found = spawn_blocking(move || model_files::sha256(&bytes));
            if found.await.map_err(|_| PredictError::Thread)? != written {
                return Err(ClassifierError::Changed.into());
            }
        }
        Ok(Tuned { model: self.model.id, file: Some(file) })
    }

    fn answer(&self, item: &mut Prediction, embedding: &[f32]) -> Result<(), PredictError> {
        let answer = self.classifier.answer(embedding)?;
        item.probabilities = self
            .model
            .labels
            .iter()
            .zip(answer.probabilities)
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
            item.unsure = Some(answer.unsure);
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
