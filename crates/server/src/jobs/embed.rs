//! The job that embeds a project's new pictures with the default backbone.

use super::{
    QueueError,
    embedding::{self, EmbeddingError, View},
};
use crate::{
    app::{App, default_embedding},
    memory,
};
use dto::ProjectId;
use futures::{TryStreamExt, future::ready};
use serde::{Deserialize, Serialize};
use store::StoreError;
use tokio::task::spawn_blocking;

/// Pictures of one job. The rest of a large upload goes to the end of the queue, so that users are served in turn.
const PICTURES: u32 = 64;

/// Embed some of the project's pictures that have no embedding.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct EmbedJob {
    pub project: ProjectId,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum EmbedError {
    #[error(transparent)]
    Embedding(#[from] EmbeddingError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl EmbedError {
    /// Whether the same may well succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Embedding(EmbeddingError::Store(error)) | Self::Store(error) => error.is_passing(),
            Self::Queue(_) => true,
            Self::Embedding(_) => false,
        }
    }
}

pub(super) async fn run(app: &App, job: EmbedJob) -> Result<(), EmbedError> {
    let Some((weights, preprocessing)) = default_embedding(&app.engine) else { return Ok(()) };
    let Some(backbone) = app.engine.default_backbone() else { return Ok(()) };
    let pictures = app.store.unembedded(job.project, weights, preprocessing, PICTURES).await?;
    if pictures.is_empty() {
        return Ok(());
    }
    let more = pictures.len() == PICTURES as usize;
    let embedded = embedding::embed(app.clone(), backbone, weights.to_owned(), View::Plain, pictures);
    match embedded.try_for_each(|_| ready(Ok(()))).await {
        Err(EmbeddingError::Unreadable(hash, error)) => {
            tracing::error!(project = %job.project, picture = %hash, "a stored picture can't be read any more: {error}");
            app.store.mark_unreadable(weights, preprocessing, hash, &error.to_string()).await?;
            // The others of the batch are still to do.
            app.jobs.embed(job.project).await?;
        }
        result => {
            result?;
            if more {
                app.jobs.embed(job.project).await?;
            } else {
                // An error means that the process is ending.
                let _ = spawn_blocking(memory::give_back).await;
            }
        }
    }
    Ok(())
}
