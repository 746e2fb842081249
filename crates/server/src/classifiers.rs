//! Trained models in memory: a prediction need not read and check its model's file each time.

use dto::{ModelId, ProjectId};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{ReadyModel, Store, StoreError};
use vision::{Classifier, HeadError};

/// What the classifiers kept may take of the memory, all together: half a dozen of the largest, hundreds of usual ones.
const BYTES: u64 = 64 << 20;
/// How much more one takes in memory than in its file, where the pictures that it compares with are in 16 bits.
const UNPACKED: usize = 2;

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

/// The classifiers used last, one of each project: whoever trains again and again leaves nothing behind. Cheap to clone.
/// A model never changes once it is ready, so nothing here grows old.
#[derive(Clone)]
pub struct Classifiers(Cache<ProjectId, Kept>);

#[derive(Clone)]
struct Kept {
    model: ModelId,
    classifier: Arc<Classifier>,
    /// Of memory.
    bytes: u32,
}

impl Default for Classifiers {
    fn default() -> Self {
        Self(Cache::builder().weigher(|_, kept: &Kept| kept.bytes).max_capacity(BYTES).build())
    }
}

impl Classifiers {
    /// The classifier of a model.
    pub async fn of(&self, store: &Store, model: &ReadyModel) -> Result<Arc<Classifier>, ClassifierError> {
        if let Some(kept) = self.0.get(&model.project).await.filter(|kept| kept.model == model.id) {
            return Ok(kept.classifier);
        }
        let bytes = store.blobs().get(&model.file_key).await.map_err(|error| match error {
            StoreError::NotFound(_) => ClassifierError::Missing,
            error => ClassifierError::Store(error),
        })?;
        if model.file_sha256.as_ref().is_some_and(|sha256| *sha256 != hex::encode(Sha256::digest(&bytes))) {
            return Err(ClassifierError::Changed);
        }
        let classifier = Arc::new(Classifier::from_safetensors(&bytes)?);
        let bytes = u32::try_from(bytes.len().saturating_mul(UNPACKED)).unwrap_or(u32::MAX);
        self.0.insert(model.project, Kept { model: model.id, classifier: classifier.clone(), bytes }).await;
        Ok(classifier)
    }
}
