//! What a trained model is kept as: the head's weights, those of its own backbone if it was fine-tuned, and a card that
//! says where they come from.

use crate::app::App;
use dto::{ModelId, card::ModelCard};
use sha2::{Digest, Sha256};
use std::time::Instant;
use store::{Finished, LabelDoubt, ModelPrediction, Run, StoreError};
use vision::Trained;

/// Writes the files and says what the tables should know of them.
pub(super) async fn write(
    app: &App,
    model: ModelId,
    run: &Run,
    trained: Trained,
    began: Instant,
) -> Result<Finished, StoreError> {
    let card = ModelCard {
        model_id: model,
        labels: run.labels.clone(),
        mode: run.mode,
        backbone: run.backbone,
        weights_sha256: run.weights_sha256.clone(),
        network_sha256: trained.backbone.as_ref().map(|network| hex::encode(Sha256::digest(network))),
        preprocessing: run.preprocessing.clone(),
        settings: run.settings.clone(),
        label_weights: "balanced".into(),
        images: run.samples.len(),
        dataset_sha256: dataset_hash(run),
        accuracy: trained.accuracy,
        accuracy_interval: trained.accuracy_interval,
        training_accuracy: trained.training_accuracy,
        epochs: trained.epochs.len(),
        software: concat!("pupil ", env!("CARGO_PKG_VERSION")).into(),
    };
    let card = serde_json::to_vec_pretty(&card).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let head = trained.classifier.to_safetensors().map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let key = store::model_key(model);
    let mut file_bytes = card.len() + head.len();
    if let Some(backbone) = trained.backbone {
        file_bytes += backbone.len();
        app.store.blobs().put(&store::backbone_key(model), backbone.into()).await?;
    }
    app.store.blobs().put(&store::card_key(model), card.into()).await?;
    let file_sha256 = hex::encode(Sha256::digest(&head));
    app.store.blobs().put(&key, head.into()).await?;

    let predictions = run
        .samples
        .iter()
        .zip(&trained.predictions)
        .map(|(sample, prediction)| ModelPrediction {
            image_id: sample.image_id,
            label_id: run.labels[prediction.predicted as usize].id,
            probability: prediction.probability,
            given_probability: prediction.given_probability,
            out_of_fold: prediction.out_of_fold,
            doubt: prediction.suspicion.map(|suspicion| LabelDoubt {
                suspicion: suspicion.score,
                suggested: run.labels[suspicion.suggested as usize].id,
                likely: suspicion.likely,
            }),
        })
        .collect();
    Ok(Finished {
        accuracy: trained.accuracy,
        accuracy_interval: trained.accuracy_interval,
        accuracy_kind: trained.accuracy_kind,
        training_accuracy: trained.training_accuracy,
        train_seconds: began.elapsed().as_secs_f64(),
        file_key: key,
        file_sha256,
        file_bytes: file_bytes as u64,
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
