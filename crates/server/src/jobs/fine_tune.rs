//! Fine-tuning's part of a run: its pictures, and where an interrupted attempt got to.

use super::{
    embedding, learn,
    train::{Stop, check_wanted, embedding_failed, failed},
};
use crate::app::App;
use dto::{
    ModelId,
    model::{Phase, Progress},
};
use futures::{StreamExt, TryStreamExt, stream};
use std::time::{Duration, Instant};
use store::{Run, StoreError};
use vision::{Checkpoint, CropFile, FineTuning, Trained, TrainingSet};

/// Pictures being read and decoded at once.
const DECODED_AT_ONCE: usize = 4;
/// How often progress is written down, and a wish to stop is looked for.
const RECORD: Duration = Duration::from_millis(250);

/// What an earlier attempt left behind; damaged, it counts as nothing.
pub(super) async fn checkpoint(app: &App, model: ModelId) -> Result<Option<Checkpoint>, StoreError> {
    let bytes = match app.store.blobs().get(&store::checkpoint_key(model)).await {
        Ok(bytes) => bytes,
        Err(StoreError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    match Checkpoint::read(bytes.into()) {
        Ok(checkpoint) => {
            tracing::info!(%model, epochs = checkpoint.epochs.len(), "fine-tuning goes on where it was interrupted");
            Ok(Some(checkpoint))
        }
        Err(error) => {
            tracing::warn!(%model, "a checkpoint can't be used, fine-tuning begins anew: {error}");
            Ok(None)
        }
    }
}

/// Trains on the engine's thread, from the checkpoint on.
pub(super) async fn learn(
    app: &App,
    model: ModelId,
    run: &Run,
    set: TrainingSet,
    resume: Option<Checkpoint>,
) -> Result<Trained, Stop> {
    if let Some(checkpoint) = &resume {
        // The process may have ended between the checkpoint and its epoch's row.
        app.store.add_epochs(model, &checkpoint.epochs).await?;
    }
    let crops = crops(app, model, run).await?;
    let tuning = FineTuning { backbone: run.backbone, set, crops, settings: run.settings.clone(), resume };
    learn::follow(app, model, run, |observer| app.engine.fine_tune(tuning, observer)).await
}

/// What the backbone sees of the run's pictures, in their order.
async fn crops(app: &App, model: ModelId, run: &Run) -> Result<CropFile, Stop> {
    let no_room = |error: std::io::Error| {
        tracing::error!("the crops of a run can't be written: {error}");
        failed(
            "The server's disk has no room for the pictures of this run. Tell the operator, or train in the instant mode.",
        )
    };
    let mut file = CropFile::create(&app.settings.data_dir).map_err(no_room)?;
    let total = run.samples.len() as u64;
    let hashes: Vec<_> = run.samples.iter().map(|sample| sample.content_hash).collect();
    let mut decoded = stream::iter(hashes).map(|hash| embedding::crop(app.clone(), hash)).buffered(DECODED_AT_ONCE);
    let mut due = Instant::now();
    while let Some((_, crop)) = decoded.try_next().await.map_err(embedding_failed)? {
        file.push(&crop).map_err(no_room)?;
        if due.elapsed() >= RECORD {
            due = Instant::now();
            check_wanted(app, run).await?;
            if app.jobs.is_stopping() {
                return Err(Stop::Interrupted);
            }
            let progress = Progress { done: file.count() as u64, total };
            app.store.set_phase(model, Phase::Embedding, progress).await?;
            app.jobs.changed(model);
        }
    }
    Ok(file)
}
