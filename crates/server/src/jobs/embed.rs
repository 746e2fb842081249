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
use store::{ContentHash, StoreError};
use tokio::task::spawn_blocking;

/// Pictures of one job. The rest of a large upload goes to the end of the queue.
const PICTURES: u32 = 64;

/// Embed some of the project's pictures that have no embedding, once it is its owner's turn.
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
    let key = (weights, preprocessing);
    let Some((project, pictures)) = next(app, job.project, key).await? else { return Ok(()) };
    let (is_named, more) = (project == job.project, pictures.len() == PICTURES as usize);
    if !is_named {
        // Somebody else's turn, whose own job is still in the queue; this one goes to its end.
        app.jobs.embed(job.project).await?;
    }
    let embedded = embedding::embed(app.clone(), backbone, weights.to_owned(), View::Plain, pictures);
    match embedded.try_for_each(|_| ready(Ok(()))).await {
        Err(EmbeddingError::Unreadable(hash, error)) => {
            tracing::error!(%project, picture = %hash, "a stored picture can't be read any more: {error}");
            app.store.mark_unreadable(weights, preprocessing, hash, &error.to_string()).await?;
            // The others of the batch are still to do.
            if is_named {
                app.jobs.embed(project).await?;
            }
        }
        result => {
            result?;
            if is_named && more {
                app.jobs.embed(project).await?;
            } else if is_named {
                // An error means that the process is ending.
                let _ = spawn_blocking(memory::give_back).await;
            }
        }
    }
    Ok(())
}

/// What to embed now, where a job names a project: pictures of that one, or of whoever had their turn longer ago. None when
/// there is nothing left to do for the job.
async fn next(
    app: &App,
    named: ProjectId,
    key: (&str, &str),
) -> Result<Option<(ProjectId, Vec<ContentHash>)>, StoreError> {
    let own = app.store.unembedded(named, key.0, key.1, PICTURES).await?;
    let owner = app.store.owner_of_project(named).await?;
    let Some(owner) = owner.filter(|_| !own.is_empty()) else { return Ok(None) };
    loop {
        let project = app.jobs.turns.next(&app.store, (owner, named), key).await?;
        if project == named {
            return Ok(Some((named, own)));
        }
        let pictures = app.store.unembedded(project, key.0, key.1, PICTURES).await?;
        if !pictures.is_empty() {
            return Ok(Some((project, pictures)));
        }
        app.jobs.turns.is_done(project);
    }
}
