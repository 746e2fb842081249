//! The job that embeds a project's new pictures with the default backbone.

use super::{
    QueueError,
    embedding::{self, EmbeddingError, View},
    turns,
};
use crate::app::{App, default_embedding};
use dto::{ProjectId, model::Backbone};
use futures::{TryStreamExt, future::ready};
use serde::{Deserialize, Serialize};
use store::{ContentHash, StoreError};

/// Pictures of one job. The rest of a large upload goes to the end of the queue.
const PICTURES: u32 = 64;
/// Pictures of one user among them, while others wait.
const SHARE: usize = 16;

/// Embed some of the pictures that have no embedding: this project's, and those of others that wait.
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
            Self::Embedding(error) => error.is_passing(),
            Self::Store(error) => error.is_passing(),
            Self::Queue(_) => true,
        }
    }
}

pub(super) async fn run(app: &App, job: EmbedJob) -> Result<(), EmbedError> {
    let Some((weights, preprocessing)) = default_embedding(&app.engine) else { return Ok(()) };
    let Some(backbone) = app.engine.default_backbone() else { return Ok(()) };
    let batch = next(app, job.project, (weights, preprocessing)).await?;
    if batch.pictures.is_empty() {
        return Ok(());
    }
    match look(app, backbone, weights, batch.pictures.clone()).await {
        Err(error) if error.may_be_a_pictures() => {
            tracing::warn!(
                pictures = batch.pictures.len(),
                "they are looked at one by one, as together it fails: {error}"
            );
            one_by_one(app, backbone, (weights, preprocessing), batch.pictures).await?;
        }
        result => result?,
    }
    for project in batch.unfinished {
        app.jobs.embed(project).await?;
    }
    Ok(())
}

/// Embeds pictures; one that can't be looked at keeps those beside it from being kept.
async fn look(app: &App, backbone: Backbone, weights: &str, pictures: Vec<ContentHash>) -> Result<(), EmbeddingError> {
    let embedded = embedding::embed(app.clone(), backbone, weights.to_owned(), View::Plain, pictures);
    embedded.try_for_each(|_| ready(Ok(()))).await
}

/// Looks at pictures of which some can't be looked at: those are noted down, and the others harmed by none of them.
async fn one_by_one(
    app: &App,
    backbone: Backbone,
    (weights, preprocessing): (&str, &str),
    pictures: Vec<ContentHash>,
) -> Result<(), EmbedError> {
    let done = app.store.embeddings(&pictures, weights, preprocessing).await?;
    let mut some_can_be = !done.is_empty();
    let mut failed = Vec::new();
    for hash in pictures.into_iter().filter(|hash| !done.contains_key(hash)) {
        match look(app, backbone, weights, vec![hash]).await {
            Err(error) if error.may_be_a_pictures() => failed.push((hash, error)),
            result => {
                result?;
                some_can_be = true;
            }
        }
    }
    // Where none of several can be opened, it is the store that is shut; then they wait for whoever opens it.
    let is_theirs = some_can_be || failed.len() == 1;
    for (hash, error) in failed {
        let problem = match error {
            EmbeddingError::Unreadable(_, error) => error.to_string(),
            error if is_theirs => error.to_string(),
            error => return Err(error.into()),
        };
        app.store.mark_unreadable(weights, preprocessing, hash, &problem).await?;
        tracing::error!(picture = %hash, "a stored picture can't be looked at: {problem}");
    }
    Ok(())
}

/// What is embedded in one go.
#[derive(Default)]
struct Batch {
    pictures: Vec<ContentHash>,
    /// Projects that have more, for which there was no room.
    unfinished: Vec<ProjectId>,
}

/// What to embed now, where a job names a project: pictures of that one and of others that wait, so that many small uploads
/// are one batch and a large one holds up nobody. Empty when the job has nothing left to do.
async fn next(app: &App, named: ProjectId, key: (&str, &str)) -> Result<Batch, StoreError> {
    let own = app.store.unembedded(named, key.0, key.1, PICTURES).await?;
    let owner = app.store.owner_of_project(named).await?;
    let Some(owner) = owner.filter(|_| !own.is_empty()) else { return Ok(Batch::default()) };
    let (mut waiting, mut places) = (Vec::new(), 0);
    for (user, project) in app.jobs.turns.order(&app.store, (owner, named), key).await? {
        let pictures = match project == named {
            true => own.clone(),
            false => app.store.unembedded(project, key.0, key.1, PICTURES).await?,
        };
        if pictures.is_empty() {
            app.jobs.turns.is_done(project);
            continue;
        }
        places += pictures.len().min(SHARE);
        waiting.push((user, project, pictures));
        if places >= PICTURES as usize {
            break;
        }
    }
    app.jobs.turns.serve(waiting.iter().map(|(user, ..)| *user));
    let projects: Vec<ProjectId> = waiting.iter().map(|(_, project, _)| *project).collect();
    let hands: Vec<_> = waiting.into_iter().map(|(.., pictures)| pictures).collect();
    let dealt = turns::deal(&hands, SHARE, PICTURES as usize);
    // As many as were asked for need not be all.
    let has_more = |hand: &Vec<_>, dealt: &Vec<_>| dealt.len() < hand.len() || hand.len() == PICTURES as usize;
    let shares = projects.iter().zip(hands.iter().zip(&dealt));
    let mut unfinished: Vec<_> = shares.filter(|(_, (hand, dealt))| has_more(hand, dealt)).map(|(id, _)| *id).collect();
    if !projects.contains(&named) {
        unfinished.push(named);
    }
    Ok(Batch { pictures: dealt.concat(), unfinished })
}
