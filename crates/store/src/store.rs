//! The store: one handle to the database and the blobs.

use crate::{
    blobs::Blobs,
    config::{Location, StoreConfig},
    database::Database,
    error::{Result, StoreError},
    folder::make_folder,
    quotas::Quotas,
};
use dto::ProjectId;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError, RwLock},
};
use uuid::Uuid;

/// The database and the blobs. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) database: Database,
    pub(crate) location: Location,
    pub(crate) data_dir: PathBuf,
    blobs: Blobs,
    default_embedding: Arc<RwLock<EmbeddingKey>>,
    pub(crate) quotas: Arc<RwLock<Quotas>>,
    /// For projects with a backlog, the image before which all have an embedding: without it, every batch would look
    /// at all that earlier ones have done.
    pub(crate) searched: Arc<Mutex<HashMap<(ProjectId, EmbeddingKey), Uuid>>>,
}

/// How embeddings are made: by which weights, from which preprocessing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct EmbeddingKey {
    pub(crate) weights_sha256: String,
    pub(crate) preprocessing: String,
}

impl EmbeddingKey {
    pub(crate) fn new(weights_sha256: &str, preprocessing: &str) -> Self {
        Self { weights_sha256: weights_sha256.to_owned(), preprocessing: preprocessing.to_owned() }
    }
}

impl Store {
    /// Makes what is missing, brings the database up to date, and connects.
    pub async fn open(config: StoreConfig) -> Result<Self> {
        make_folder(&config.data_dir).await?;
        let location = config.location()?;
        let database = Database::open(&location, config.max_connections).await?;
        let blobs = Blobs::open(&config).await?;
        Ok(Self {
            database,
            location,
            data_dir: config.data_dir,
            blobs,
            default_embedding: Arc::default(),
            quotas: Arc::default(),
            searched: Arc::default(),
        })
    }

    /// Opens what is there, and makes nothing.
    ///
    /// # Errors
    /// [`StoreError::Config`] if there is no database yet.
    pub async fn open_existing(config: StoreConfig) -> Result<Self> {
        if let Location::Sqlite(path) = config.location()?
            && !tokio::fs::try_exists(&path).await?
        {
            return Err(StoreError::Config(format!("there is no database {}", path.display())));
        }
        Self::open(config).await
    }

    /// Whether the database and the blobs answer.
    pub async fn ping(&self) -> Result<()> {
        self.database.ping().await?;
        self.blobs.ping().await
    }

    /// The blobs: originals, thumbnails, model files.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// Sets which embeddings [`dto::image::Image::embedded`] is about; until then it is false.
    pub fn set_default_embedding(&self, weights_sha256: &str, preprocessing: &str) {
        let key = EmbeddingKey::new(weights_sha256, preprocessing);
        *self.default_embedding.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    pub(crate) fn default_embedding(&self) -> EmbeddingKey {
        self.default_embedding.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
