//! Trained models in memory: a prediction need not read and check its model's file each time.

use dto::ModelId;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{ReadyModel, Store, StoreError};
use vision::{Classifier, HeadError};

/// What the files of the classifiers kept may have had in bytes, all together: a dozen or more of the largest.
const BYTES: u64 = 64 << 20;

/// Why a model can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    #[error(transparent)]
    Store(StoreError),
    #[error("the model's file is not there")]
    Missing,
    #[error("the model's file has changed since it was written")]
    Changed,
    #[error(transparent)]
    File(#[from] HeadError),
}

/// The classifiers used last. Cheap to clone. A model never changes once it is ready, so nothing here grows old.
#[derive(Clone)]
pub struct Classifiers(Cache<ModelId, (Arc<Classifier>, u32)>);

impl Default for Classifiers {
    fn default() -> Self {
        let weigher = |_: &ModelId, (_, bytes): &(Arc<Classifier>, u32)| *bytes;
        Self(Cache::builder().weigher(weigher).max_capacity(BYTES).build())
    }
}

impl Classifiers {
    /// The classifier of a model.
    pub async fn of(&self, store: &Store, model: &ReadyModel) -> Result<Arc<Classifier>, ClassifierError> {
        if let Some((classifier, _)) = self.0.get(&model.id).await {
            return Ok(classifier);
        }
        let bytes = store.blobs().get(&model.file_key).await.map_err(|error| match error {
            StoreError::NotFound(_) => ClassifierError::Missing,
            error => ClassifierError::Store(error),
        })?;
        if model.file_sha256.as_ref().is_some_and(|sha256| *sha256 != hex::encode(Sha256::digest(&bytes))) {
            return Err(ClassifierError::Changed);
        }
        let classifier = Arc::new(Classifier::from_safetensors(&bytes)?);
        let weight = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.insert(model.id, (classifier.clone(), weight)).await;
        Ok(classifier)
    }
}
