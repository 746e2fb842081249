//! The files of a model that can predict, and what is wrong with them.

use bytes::Bytes;
use dto::{ErrorCode, ModelId, Problem, card::ModelCard, model::Mode};
use sha2::{Digest, Sha256};
use store::{KeptModel, Store, StoreError, backbone_key, card_key};
use vision::Classifier;

/// A model's files, as far as they are there.
pub(crate) struct ModelFiles {
    head: Option<Bytes>,
    /// Of a fine-tuned one.
    network: Option<Bytes>,
    card: Option<Bytes>,
}

/// Which file of a model is not as it should be, and how.
pub(crate) struct Fault {
    pub key: String,
    /// A sentence about the model.
    pub what: &'static str,
}

impl ModelFiles {
    pub async fn read(store: &Store, model: &KeptModel) -> Result<Self, StoreError> {
        let network = match model.mode {
            Mode::Instant => None,
            Mode::FineTune => read(store, &backbone_key(model.id)).await?,
        };
        let (head, card) = (read(store, &model.file_key).await?, read(store, &card_key(model.id)).await?);
        Ok(Self { head, network, card })
    }

    /// The model's card, unless it is missing or damaged.
    pub fn card(&self) -> Option<ModelCard> {
        parsed(self.card.as_ref()?)
    }

    /// What keeps the model from predicting.
    pub fn fault(&self, model: &KeptModel) -> Option<Fault> {
        let of_head = |what| Some(Fault { key: model.file_key.clone(), what });
        let Some(head) = &self.head else { return of_head("its file is missing.") };
        if model.file_sha256.as_ref().is_some_and(|written| *written != sha256(head)) {
            return of_head("its file is not the one that was written.");
        }
        if Classifier::from_safetensors(head).is_err() {
            return of_head("its file can't be read.");
        }
        if model.mode != Mode::FineTune {
            return None;
        }
        let of_network = |what| Some(Fault { key: backbone_key(model.id), what });
        let Some(network) = &self.network else { return of_network("the file of its network is missing.") };
        if !vision::is_whole_file(network) {
            return of_network("the file of its network is damaged.");
        }
        let written = self.card().and_then(|card| card.network_sha256);
        if written.is_some_and(|written| written != sha256(network)) {
            return of_network("the file of its network is not the one that was written.");
        }
        None
    }

    /// The files that are there, by their keys.
    pub fn into_files(self, model: &KeptModel) -> impl Iterator<Item = (String, Bytes)> {
        let files = [
            (backbone_key(model.id), self.network),
            (model.file_key.clone(), self.head),
            (card_key(model.id), self.card),
        ];
        files.into_iter().filter_map(|(key, bytes)| Some((key, bytes?)))
    }
}

/// The SHA-256 that the file of a fine-tuned model's network was written with, if the model's card can tell: those of earlier
/// versions say nothing of it.
pub(crate) async fn network_sha256(store: &Store, model: ModelId) -> Result<Option<String>, StoreError> {
    let card = read(store, &card_key(model)).await?;
    Ok(card.as_ref().and_then(parsed).and_then(|card| card.network_sha256))
}

/// Why a model with a [`Fault`] counts as failed.
pub(crate) fn damaged() -> Problem {
    let detail = "The model's file is missing or damaged. Train again to replace it.";
    Problem::new(ErrorCode::ModelDamaged, detail)
}

fn parsed(card: &Bytes) -> Option<ModelCard> {
    serde_json::from_slice(card).ok()
}

async fn read(store: &Store, key: &str) -> Result<Option<Bytes>, StoreError> {
    match store.blobs().get(key).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
