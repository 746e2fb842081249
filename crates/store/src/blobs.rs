//! Blobs: original files under their content hash, thumbnails, model files.

use crate::{
    config::StoreConfig,
    error::{Result, StoreError},
    ids::ContentHash,
};
use bytes::Bytes;
use dto::ModelId;
use object_store::{
    ObjectStore, ObjectStoreExt, aws::AmazonS3Builder, local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use std::{path::PathBuf, sync::Arc};

/// The key of an original file.
pub fn original_key(hash: ContentHash) -> String {
    sharded("originals", hash, "")
}

/// The key of the thumbnail of an original.
pub fn thumbnail_key(hash: ContentHash) -> String {
    sharded("thumbnails", hash, ".jpg")
}

/// The key of a model's trained layer.
pub fn model_key(id: ModelId) -> String {
    format!("models/{id}.safetensors")
}

/// The key of a fine-tuned model's backbone.
pub fn backbone_key(id: ModelId) -> String {
    format!("models/{id}.backbone.safetensors")
}

/// The key of what a run under way goes on from.
pub fn checkpoint_key(id: ModelId) -> String {
    format!("models/{id}.checkpoint.safetensors")
}

/// The key of a model's card: what it was made of and how well it does.
pub fn card_key(id: ModelId) -> String {
    format!("models/{id}.json")
}

/// A folder for each first byte: file systems are slow with hundreds of thousands of entries in one.
fn sharded(folder: &str, hash: ContentHash, ending: &str) -> String {
    let hash = hash.to_string();
    format!("{folder}/{}/{hash}{ending}", &hash[..2])
}

/// A store of blobs by key: files in the data folder, or an S3-compatible service. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The folder, when they are files.
    folder: Option<PathBuf>,
}

impl Blobs {
    pub(crate) async fn open(config: &StoreConfig) -> Result<Self> {
        match config.storage.as_deref() {
            None => {
                let folder = config.data_dir.join("blobs");
                tokio::fs::create_dir_all(&folder).await?;
                // A row is written after its blob and must never point at one that a power cut took away.
                let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
                Ok(Self { store: Arc::new(store), folder: Some(folder) })
            }
            Some(url) => {
                let location = url.strip_prefix("s3://").filter(|rest| !rest.is_empty() && !rest.starts_with('/'));
                let location = location
                    .ok_or_else(|| StoreError::Config("the storage has to be of the form s3://bucket/prefix".into()))?;
                let (bucket, prefix) = location.split_once('/').unwrap_or((location, ""));
                let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
                Ok(Self { store: Arc::new(PrefixStore::new(store, Path::from(prefix))), folder: None })
            }
        }
    }

    /// Writes a blob, in whole or not at all. Once this returns it is on the disk to stay.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<()> {
        self.store.put(&Path::from(key), bytes.into()).await?;
        Ok(())
    }

    /// Reads a blob.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none.
    pub async fn get(&self, key: &str) -> Result<Bytes> {
        Ok(self.store.get(&Path::from(key)).await?.bytes().await?)
    }

    /// Whether there is a blob of this key.
    pub async fn exists(&self, key: &str) -> Result<bool> {
        match self.store.head(&Path::from(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a blob; one that is not there is no error.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.store.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) async fn ping(&self) -> Result<()> {
        if let Some(folder) = &self.folder {
            tokio::fs::metadata(folder).await.map_err(|error| StoreError::Unavailable(error.into()))?;
            return Ok(());
        }
        // Whether it is there does not matter, only that the service answers.
        self.exists("ping").await.map(drop).map_err(|error| StoreError::Unavailable(error.into()))
    }
}
