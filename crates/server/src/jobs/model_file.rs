//! What a trained model is kept as: the head's weights, those of its own backbone if it was fine-tuned, and a card that
//! says where they come from.

use crate::app::App;
use dto::{ModelId, label::LabelRef, model::Settings};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::time::Instant;
use store::{Finished, ModelPrediction, Run, StoreError};
use vision::Trained;

/// What one needs to know of a model file to use it, or to make it again.
#[derive(Serialize)]
struct Card<'a> {
    model_id: ModelId,
    labels: &'a [LabelRef],
    mode: &'a str,
    backbone: &'a str,
    weights_sha256: &'a str,
    preprocessing: &'a str,
    settings: &'a Settings,
    images: usize,
    /// SHA-256 over the content hash and label of every image, in the order learned.
    dataset_sha256: String,
    accuracy: Option<f64>,
    accuracy_interval: Option<[f64; 2]>,
    training_accuracy: f64,
    epochs: usize,
    software: &'static str,
}

/// Writes the files and says what the tables should know of them.
pub(super) async fn write(
    app: &App,
    model: ModelId,
    run: &Run,
    trained: Trained,
    began: Instant,
) -> Result<Finished, StoreError> {
    let card = Card {
        model_id: model,
        labels: &run.labels,
        mode: run.mode.as_str(),
        backbone: run.backbone.as_str(),
        weights_sha256: &run.weights_sha256,
        preprocessing: &run.preprocessing,
        settings: &run.settings,
        images: run.samples.len(),
        dataset_sha256: dataset_hash(run),
        accuracy: trained.accuracy,
        accuracy_interval: trained.accuracy_interval,
        training_accuracy: trained.training_accuracy,
        epochs: trained.epochs.len(),
        software: concat!("pupil ", env!("CARGO_PKG_VERSION")),
    };
    let card = serde_json::to_vec_pretty(&card).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let head = trained.head.to_safetensors().map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let key = store::model_key(model);
    if let Some(backbone) = trained.backbone {
        app.store.blobs().put(&store::backbone_key(model), backbone.into()).await?;
    }
    app.store.blobs().put(&store::card_key(model), card.into()).await?;
    app.store.blobs().put(&key, head.into()).await?;

    let predictions = run
        .samples
        .iter()
        .zip(&trained.predictions)
        .map(|(sample, prediction)| ModelPrediction {
            image_id: sample.image_id,
            label_id: run.labels[prediction.predicted as usize].id,
            probability: prediction.probability,
            out_of_fold: prediction.out_of_fold,
        })
        .collect();
    Ok(Finished {
        accuracy: trained.accuracy,
        accuracy_interval: trained.accuracy_interval,
        accuracy_kind: trained.accuracy_kind,
        training_accuracy: trained.training_accuracy,
        train_seconds: began.elapsed().as_secs_f64(),
        file_key: key,
        predictions,
    })
}

fn dataset_hash(run: &Run) -> String {
    let mut hash = Sha256::new();
    for sample in &run.samples {
        hash.update(sample.content_hash.to_string());
        hash.update(run.labels[sample.label_index].id.to_string());
    }
    hex::encode(hash.finalize())
}
