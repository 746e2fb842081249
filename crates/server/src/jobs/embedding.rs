//! Embedding stored pictures: read, decode, look, keep.

use crate::{app::App, ingest::IngestError, metrics};
use dto::model::Backbone;
use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use store::{ContentHash, StoreError};
use vision::{EngineError, Purpose};

/// Pictures in one forward pass: larger ones gain nothing on a CPU and make predictions wait longer.
const BATCH: usize = 16;
/// Pictures being read and decoded while the engine looks at the ones before.
const DECODED_AT_ONCE: usize = 4;
/// Batches handed to the engine: one at work, one waiting, so that it never idles.
const BATCHES_AT_ONCE: usize = 2;

#[derive(Debug, thiserror::Error)]
pub enum EmbeddingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Pictures were checked when they came in, so this one's bytes have changed since, or are gone.
    #[error("the stored picture {0} can't be read any more: {1}")]
    Unreadable(ContentHash, IngestError),
}

impl EmbeddingError {
    /// Whether the same may well succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_passing())
    }

    /// Whether one of the pictures may be what it is about: its bytes, its file, or what the network makes of it.
    pub(super) fn may_be_a_pictures(&self) -> bool {
        match self {
            Self::Unreadable(..) | Self::Engine(EngineError::Forward(_)) => true,
            Self::Store(StoreError::Blob(_) | StoreError::Io(_)) => true,
            Self::Store(_) | Self::Engine(_) => false,
        }
    }
}

/// Which way round a picture is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Plain,
    Mirrored,
}

impl View {
    /// What its embeddings are kept under.
    pub fn preprocessing(self) -> &'static str {
        match self {
            Self::Plain => vision::PREPROCESSING,
            Self::Mirrored => vision::MIRRORED,
        }
    }
}

/// Embeds the pictures and keeps the results, batch by batch: each item is how many are done by then. Whoever stops
/// asking stops the work.
pub(super) fn embed(
    app: App,
    backbone: Backbone,
    weights_sha256: String,
    view: View,
    pictures: Vec<ContentHash>,
) -> BoxStream<'static, Result<usize, EmbeddingError>> {
    let (decoder, looker) = (app.clone(), app.clone());
    let batches = stream::iter(pictures)
        .map(move |hash| seen(decoder.clone(), view, hash))
        .buffered(DECODED_AT_ONCE)
        .try_chunks(BATCH)
        .map_err(|stopped| stopped.1)
        .map_ok(move |batch| look(looker.clone(), backbone, batch))
        .try_buffered(BATCHES_AT_ONCE)
        .boxed();
    stream::try_unfold((batches, 0), move |(mut batches, done)| {
        let (store, weights_sha256) = (app.store.clone(), weights_sha256.clone());
        async move {
            let Some(embedded) = batches.try_next().await? else { return Ok(None) };
            store.put_embeddings(&weights_sha256, view.preprocessing(), &embedded).await?;
            metrics::embedded(embedded.len() as u64);
            let done = done + embedded.len();
            Ok(Some((done, (batches, done))))
        }
    })
    .boxed()
}

async fn seen(app: App, view: View, hash: ContentHash) -> Result<(ContentHash, vision::Crop), EmbeddingError> {
    let (hash, crop) = crop(app, hash).await?;
    Ok((hash, if view == View::Mirrored { crop.mirrored() } else { crop }))
}

pub(super) async fn crop(app: App, hash: ContentHash) -> Result<(ContentHash, vision::Crop), EmbeddingError> {
    let unreadable = |error| match error {
        error @ (IngestError::Picture(_) | IngestError::Store(StoreError::NotFound(_))) => {
            EmbeddingError::Unreadable(hash, error)
        }
        IngestError::Store(error) => error.into(),
        error => EmbeddingError::Unreadable(hash, error),
    };
    if let Some(crop) = app.ingest.recent_crop(hash) {
        return Ok((hash, crop));
    }
    let bytes = app.store.blobs().get(&store::original_key(hash)).await.map_err(|error| unreadable(error.into()))?;
    let crop = app.ingest.crop(bytes).await.map_err(unreadable)?;
    Ok((hash, crop))
}

async fn look(
    app: App,
    backbone: Backbone,
    batch: Vec<(ContentHash, vision::Crop)>,
) -> Result<Vec<(ContentHash, Vec<f32>)>, EmbeddingError> {
    let (hashes, crops): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
    let embeddings = app.engine.embed(backbone, crops, Purpose::Store).await?;
    Ok(hashes.into_iter().zip(embeddings).collect())
}
