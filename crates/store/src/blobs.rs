//! Blobs: original files under their content hash, thumbnails, model files.

use crate::{
    config::StoreConfig,
    error::{Result, StoreError},
    folder::make_folder,
    ids::ContentHash,
};
use bytes::Bytes;
use dto::{ModelId, Timestamp};
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};
use std::{
    fs, io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

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

/// The key under which a damaged blob is set aside.
pub(crate) fn aside_key(key: &str) -> String {
    format!("set-aside/{key}")
}

/// What is known of a blob without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobInfo {
    pub key: String,
    pub bytes: u64,
    /// When it was last written.
    pub modified: Timestamp,
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
                make_folder(&folder).await?;
                // A row is written after its blob and must never point at one that a power cut took away: the file is synced
                // before it gets its name, and the folders in which names are new are synced after. What a power cut brings
                // back of a deletion is swept away again.
                let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
                Ok(Self { store: Arc::new(store), folder: Some(folder) })
            }
            Some(url) => {
                let location = url.strip_prefix("s3://").filter(|rest| !rest.is_empty() && !rest.starts_with('/'));
                let location = location
                    .ok_or_else(|| StoreError::Config("the storage has to be of the form s3://bucket/prefix".into()))?;
                let (bucket, prefix) = location.split_once('/').unwrap_or((location, ""));
                let store = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(patience()).build()?;
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
        Ok(self.info(key).await?.is_some())
    }

    /// What is known of a blob; `None` if there is none of this key.
    pub async fn info(&self, key: &str) -> Result<Option<BlobInfo>> {
        match self.store.head(&Path::from(key)).await {
            Ok(meta) => Ok(Some(info(meta))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All blobs whose keys begin with a folder, in no order.
    pub fn list(&self, folder: &str) -> BoxStream<'static, Result<BlobInfo>> {
        self.store.list(Some(&Path::from(folder))).map_ok(info).map_err(StoreError::from).boxed()
    }

    /// Moves a damaged blob out of the way, below `set-aside/`; one that is not there is no error.
    pub async fn set_aside(&self, key: &str) -> Result<()> {
        match self.store.rename(&Path::from(key), &Path::from(aside_key(key))).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes files that were being written when a process died, if they are older than `before`. Answers how many.
    pub(crate) async fn remove_unfinished(&self, before: Timestamp) -> Result<u64> {
        // A service forgets unfinished uploads by itself.
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        let before = UNIX_EPOCH + Duration::from_millis(u64::try_from(before.millis()).unwrap_or(0));
        tokio::task::spawn_blocking(move || remove_unfinished(&folder, before))
            .await
            .map_err(|error| StoreError::Unavailable(error.into()))?
            .map_err(StoreError::from)
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

/// How often a service is asked again that does not answer: somebody waits, who can be told to come again.
fn patience() -> RetryConfig {
    RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(10), ..RetryConfig::default() }
}

fn info(meta: ObjectMeta) -> BlobInfo {
    let modified = Timestamp::from_millis(meta.last_modified.timestamp_millis());
    BlobInfo { key: meta.location.into(), bytes: meta.size, modified }
}

/// A file is written under a name of its own, its key, `#` and a number, before it gets its key's.
fn remove_unfinished(folder: &std::path::Path, before: SystemTime) -> io::Result<u64> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // What vanishes meanwhile needs no removing.
        let Ok(meta) = entry.metadata() else { continue };
        if meta.is_dir() {
            removed += remove_unfinished(&entry.path(), before)?;
            continue;
        }
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.rsplit_once('#')).map(|(_, number)| number);
        let unfinished = number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if unfinished && meta.modified()? < before && fs::remove_file(entry.path()).is_ok() {
            removed += 1;
        }
    }
    Ok(removed)
}
