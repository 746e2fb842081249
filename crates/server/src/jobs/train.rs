//! The job that trains a model: embeddings, learning, evaluation, model file.

use super::{
    embedding::{self, EmbeddingError, View},
    fine_tune, learn, model_file,
};
use crate::{app::App, metrics};
use dto::{
    ErrorCode, ModelId, Problem,
    model::{Mode, Phase, Progress, Status},
};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use std::{
    collections::{HashMap, HashSet},
    pin::pin,
    time::{Duration, Instant},
};
use store::{ContentHash, Run, Standing, StoreError};
use tokio::{sync::OwnedMutexGuard, time::sleep};
use vision::{Checkpoint, TrainingSet};

/// A run may begin this often without getting any further: one that brings its process down each time must not do so for
/// ever, and one whose server is restarted a few times should go on.
const BEGINNINGS: u32 = 5;

/// How often a run that waits looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(250);

/// Train the model, if it is still to be trained.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TrainJob {
    pub model: ModelId,
    /// Instant in a job of an earlier version, which knew nothing else.
    #[serde(default)]
    pub mode: Mode,
}

/// How a run that did not succeed ended.
pub(super) enum Stop {
    Cancelled,
    /// Another worker has begun it anew, or has ended it.
    Superseded,
    /// The process is about to end: another goes on with it.
    Interrupted,
    /// For the person whose run it is.
    Failed(Box<Problem>),
    /// The store does not answer: the job is tried again.
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Ends a run whose job has failed too often.
pub(super) async fn give_up(app: &App, job: &TrainJob) -> Result<(), StoreError> {
    let detail = "Training broke down more than once. Train again; if it stays, tell the operator.";
    app.store.fail_model(job.model, &Problem::new(ErrorCode::TrainingFailed, detail)).await?;
    app.jobs.changed(job.model);
    Ok(())
}

/// Whether this attempt is still to go on: asked every now and then.
pub(super) async fn check_wanted(app: &App, run: &Run) -> Result<(), Stop> {
    match app.store.standing(run).await? {
        Standing::Wanted => Ok(()),
        Standing::Cancelled => Err(Stop::Cancelled),
        Standing::Superseded => Err(Stop::Superseded),
    }
}

/// Runs the job. An error means that it should be tried again; a run that failed has been written down as such.
pub(super) async fn run(app: &App, job: &TrainJob) -> Result<(), StoreError> {
    if app.jobs.is_stopping() {
        // The next start finds the run unfinished.
        return Ok(());
    }
    if !app.jobs.run_turns.is_next(&app.store, job).await? && app.jobs.train(job.model, job.mode).await.is_ok() {
        return Ok(());
    }
    let checkpoint = match job.mode {
        Mode::Instant => None,
        Mode::FineTune => fine_tune::checkpoint(app, job.model).await?,
    };
    let kept_epochs = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.epochs.len() as u32);
    let Some(run) = app.store.start_model(job.model, kept_epochs).await? else {
        return forget_checkpoint(app, job).await;
    };
    if run.attempts > BEGINNINGS {
        give_up(app, job).await?;
        return forget_checkpoint(app, job).await;
    }
    app.jobs.changed(job.model);
    let begun = Instant::now();
    let mut outcome = train(app, job.model, &run, checkpoint).await;
    if matches!(outcome, Err(Stop::Failed(_))) && app.store.standing(&run).await? == Standing::Superseded {
        // What ends one of two attempts need not end the other.
        outcome = Err(Stop::Superseded);
    }
    app.jobs.run_turns.is_over(job.mode, run.owner);
    let status = match outcome {
        Ok(()) => Status::Ready,
        Err(Stop::Superseded) => {
            tracing::info!(model = %job.model, "another worker has this run");
            return Ok(());
        }
        Err(Stop::Cancelled) => {
            app.store.cancel_model(job.model).await?;
            Status::Cancelled
        }
        Err(Stop::Failed(problem)) => {
            tracing::warn!(model = %job.model, "a run failed: {problem}");
            app.store.fail_model(job.model, &problem).await?;
            Status::Failed
        }
        Err(Stop::Store(error @ StoreError::StorageFull(_))) => {
            tracing::warn!(model = %job.model, "a run failed: {error}");
            let detail = "The server's disk is full. Train again when the operator has made room.";
            app.store.fail_model(job.model, &Problem::new(ErrorCode::StorageFull, detail)).await?;
            Status::Failed
        }
        Err(Stop::Store(error)) => return Err(error),
        Err(Stop::Interrupted) => {
            tracing::info!(model = %job.model, "a run stops where it is, and is put back into the queue");
            if let Err(error) = app.jobs.train(job.model, job.mode).await {
                tracing::warn!(model = %job.model, "it waits for the next start instead: {error}");
            }
            return Ok(());
        }
    };
    metrics::run_ended(job.mode, status, begun.elapsed().as_secs_f64());
    app.jobs.changed(job.model);
    forget_checkpoint(app, job).await
}

/// Nobody goes on with a run that is over.
async fn forget_checkpoint(app: &App, job: &TrainJob) -> Result<(), StoreError> {
    match job.mode {
        Mode::Instant => Ok(()),
        Mode::FineTune => app.store.blobs().delete(&store::checkpoint_key(job.model)).await,
    }
}

async fn train(app: &App, model: ModelId, run: &Run, checkpoint: Option<Checkpoint>) -> Result<(), Stop> {
    let start = Instant::now();
    let plain = embeddings(app, model, run, View::Plain).await?;
    let mirrored = match run.settings.mirror && run.mode == Mode::Instant {
        true => rows(run, &embeddings(app, model, run, View::Mirrored).await?)?,
        false => Vec::new(),
    };
    let set = TrainingSet {
        embeddings: rows(run, &plain)?,
        mirrored,
        dimensions: run.backbone.dimensions(),
        targets: run.samples.iter().map(|sample| sample.label_index as u32).collect(),
        classes: run.labels.len(),
    };
    let trained = match run.mode {
        Mode::Instant => {
            let settings = run.settings.clone();
            learn::follow(app, model, run, |observer| app.engine.train_instant(set, settings, observer)).await?
        }
        Mode::FineTune => fine_tune::learn(app, model, run, set, checkpoint).await?,
    };
    // The files of a run are one attempt's: the last one's, as an earlier one stops here.
    check_wanted(app, run).await?;
    let finished = model_file::write(app, model, run, trained, start).await?;
    if app.store.finish_model(run, &finished).await? { Ok(()) } else { Err(Stop::Superseded) }
}

/// The embeddings of the run's pictures, made now where they are missing.
async fn embeddings(app: &App, model: ModelId, run: &Run, view: View) -> Result<HashMap<ContentHash, Vec<f32>>, Stop> {
    let preprocessing = match view {
        View::Plain => run.preprocessing.as_str(),
        View::Mirrored => view.preprocessing(),
    };
    let wanted: HashSet<ContentHash> = run.samples.iter().map(|sample| sample.content_hash).collect();
    let wanted: Vec<ContentHash> = wanted.into_iter().collect();
    let known = app.store.embeddings(&wanted, &run.weights_sha256, preprocessing).await?;
    if known.len() == wanted.len() {
        return Ok(known);
    }
    check_weights(app, run)?;
    let _turn = turn_to_look(app, run).await?;
    // Another run may have looked at them meanwhile.
    let known = app.store.embeddings(&wanted, &run.weights_sha256, preprocessing).await?;
    let missing: Vec<ContentHash> = wanted.iter().filter(|hash| !known.contains_key(hash)).copied().collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let total = missing.len() as u64;
    let mut batches = embedding::embed(app.clone(), run.backbone, run.weights_sha256.clone(), view, missing);
    let mut done = 0;
    loop {
        app.store.set_phase(model, Phase::Embedding, Progress { done, total }).await?;
        app.jobs.changed(model);
        check_wanted(app, run).await?;
        if app.jobs.is_stopping() {
            return Err(Stop::Interrupted);
        }
        match batches.try_next().await.map_err(embedding_failed)? {
            Some(so_far) => done = so_far as u64,
            None => break,
        }
    }
    Ok(app.store.embeddings(&wanted, &run.weights_sha256, preprocessing).await?)
}

/// Waits until no other run of this process looks at the project's pictures, as long as this one is wanted.
async fn turn_to_look(app: &App, run: &Run) -> Result<OwnedMutexGuard<()>, Stop> {
    let mut turn = pin!(app.jobs.looking.begin(run.project));
    loop {
        tokio::select! {
            turn = &mut turn => return Ok(turn),
            () = app.jobs.stopped() => return Err(Stop::Interrupted),
            () = sleep(LOOK) => check_wanted(app, run).await?,
        }
    }
}

/// The run may have been asked of a process with other weights than this one.
fn check_weights(app: &App, run: &Run) -> Result<(), Stop> {
    if app.engine.weights_sha256(run.backbone) == Some(run.weights_sha256.as_str())
        && run.preprocessing == vision::PREPROCESSING
    {
        return Ok(());
    }
    let detail = format!("{}'s weights are not the ones this run began with. Train again.", run.backbone.title());
    Err(Stop::Failed(Problem::new(ErrorCode::WeightsMissing, detail).into()))
}

pub(super) fn embedding_failed(error: EmbeddingError) -> Stop {
    match error {
        EmbeddingError::Store(error) => Stop::Store(error),
        EmbeddingError::Unreadable(..) => {
            tracing::error!("{error}");
            failed("One of the pictures can't be read any more. Delete the pictures that don't show, and train again.")
        }
        EmbeddingError::Engine(error) => {
            tracing::error!("{error}");
            failed("Pupil could not look at the pictures. Train again; if it stays, tell the operator.")
        }
    }
}

pub(super) fn failed(detail: &str) -> Stop {
    Stop::Failed(Problem::new(ErrorCode::TrainingFailed, detail).into())
}

/// The embeddings of the run's pictures one after another, in their order.
fn rows(run: &Run, embeddings: &HashMap<ContentHash, Vec<f32>>) -> Result<Vec<f32>, Stop> {
    let dimensions = run.backbone.dimensions();
    let mut rows = Vec::with_capacity(run.samples.len() * dimensions);
    for sample in &run.samples {
        match embeddings.get(&sample.content_hash) {
            Some(row) if row.len() == dimensions => rows.extend_from_slice(row),
            _ => return Err(failed("What Pupil had seen of a picture is gone. Train again.")),
        }
    }
    Ok(rows)
}
