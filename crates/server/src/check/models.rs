//! Files of models.

use super::Check;
use crate::progress::Progress;
use dto::{ErrorCode, Problem, card::ModelCard, model::Mode};
use sha2::{Digest, Sha256};
use store::{KeptModel, Store, StoreError, backbone_key, card_key};
use vision::Classifier;

const PAGE: u32 = 100;

impl Check {
    /// Looks at the files of every model that can predict; answers how many these are.
    pub(super) async fn models(&mut self) -> Result<u64, StoreError> {
        let mut progress = Progress::new("models", self.store.ready_count().await?);
        let mut after = None;
        loop {
            let page = self.store.ready_models(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(progress.done) };
            after = Some(last.id);
            for model in &page {
                progress.step();
                self.model(model).await?;
            }
        }
    }

    async fn model(&mut self, model: &KeptModel) -> Result<(), StoreError> {
        let card: Option<ModelCard> = match self.store.blobs().get(&card_key(model.id)).await {
            Ok(bytes) => serde_json::from_slice(&bytes).ok(),
            Err(StoreError::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        let fault = fault(&self.store, model, card.as_ref()).await?;
        // Somebody may have deleted it since its row was read.
        if fault.is_none() && card.is_some() || !self.store.is_ready(model.id).await? {
            return Ok(());
        }
        let name = format!("Model “{}” of {} (project “{}”)", model.name, model.username, model.project);
        match fault {
            None => {
                self.report.finding(&format!("{name}: its card is missing or damaged."), "It predicts all the same.")
            }
            Some((key, what)) => {
                if self.repair {
                    let detail = "The model's file is missing or damaged. Train again to replace it.";
                    self.store.break_model(model.id, &Problem::new(ErrorCode::ModelDamaged, detail)).await?;
                    self.store.blobs().set_aside(&key).await?;
                }
                let about_it = self.done("It counts as failed now; training again replaces it.");
                self.report.finding(&format!("{name}: {what}"), about_it);
            }
        }
        Ok(())
    }
}

/// Which file of a model is not as it should be, and how.
async fn fault(
    store: &Store,
    model: &KeptModel,
    card: Option<&ModelCard>,
) -> Result<Option<(String, &'static str)>, StoreError> {
    let key = model.file_key.clone();
    let bytes = match store.blobs().get(&key).await {
        Ok(bytes) => bytes,
        Err(StoreError::NotFound(_)) => return Ok(Some((key, "its file is missing."))),
        Err(error) => return Err(error),
    };
    if model.file_sha256.as_ref().is_some_and(|sha256| *sha256 != hex::encode(Sha256::digest(&bytes))) {
        return Ok(Some((key, "its file is not the one that was written.")));
    }
    if Classifier::from_safetensors(&bytes).is_err() {
        return Ok(Some((key, "its file can't be read.")));
    }
    if model.mode == Mode::FineTune {
        let key = backbone_key(model.id);
        match store.blobs().get(&key).await {
            Ok(bytes) if vision::is_whole_file(&bytes) => {
                let written = card.and_then(|card| card.network_sha256.as_ref());
                if written.is_some_and(|sha256| *sha256 != hex::encode(Sha256::digest(&bytes))) {
                    return Ok(Some((key, "the file of its network is not the one that was written.")));
                }
            }
            Ok(_) => return Ok(Some((key, "the file of its network is damaged."))),
            Err(StoreError::NotFound(_)) => return Ok(Some((key, "the file of its network is missing."))),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
