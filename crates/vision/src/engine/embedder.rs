//! The thread that embeds. Predictions come first: background work stops for them between two batches.

use super::{
    EngineError,
    models::Model,
    tuned::{Tuned, TunedModels},
};
use crate::{
    backbone::{Embedding, Network},
    preprocess::Crop,
};
use dto::model::Backbone;
use tokio::sync::{mpsc, oneshot};

/// Crops in one forward pass: more are no faster, and take memory.
pub const BATCH: usize = 16;

/// What is wanted of crops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    Embeddings,
    /// What is pooled into embeddings.
    Features,
}

/// At most [`BATCH`] crops to look at.
pub struct Job {
    pub want: Want,
    pub backbone: Backbone,
    /// The fine-tuned weights to do it with; `None` for the pretrained ones.
    pub tuned: Option<Tuned>,
    pub crops: Vec<Crop>,
    pub reply: oneshot::Sender<Result<Vec<Embedding>, EngineError>>,
}

/// The two ends of what the embedder reads.
pub struct Queues {
    pub predict: mpsc::Receiver<Job>,
    pub store: mpsc::Receiver<Job>,
}

/// Answers jobs until every sender is gone.
pub fn run(models: Vec<Model>, mut queues: Queues) {
    // Nothing but the two queues is awaited here, so the smallest runtime will do.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        tracing::error!("the embedder has no runtime");
        return;
    };
    let mut tuned = TunedModels::default();
    while let Some(Turn { jobs, exact }) = runtime.block_on(next(&mut queues)) {
        // A caller that has gone away needs no answer.
        let jobs = jobs.into_iter().filter(|job| !job.reply.is_closed());
        let (own, mut pretrained): (Vec<_>, Vec<_>) = jobs.partition(|job| job.tuned.is_some());
        for job in own {
            tuned.answer(job);
        }
        for model in &models {
            let (own, others): (Vec<_>, Vec<_>) =
                pretrained.into_iter().partition(|job| job.backbone == model.backbone);
            pretrained = others;
            answer(if exact { &model.exact } else { model.fast.as_ref().unwrap_or(&model.exact) }, own);
        }
    }
}

/// What is done before the queues are looked at again.
struct Turn {
    jobs: Vec<Job>,
    /// Whether in 32 bits.
    exact: bool,
}

/// Waits for work. Predictions that wait together are taken together: one forward pass of many pictures costs less
/// than many of one.
async fn next(Queues { predict, store }: &mut Queues) -> Option<Turn> {
    tokio::select! {
        biased;
        Some(first) = predict.recv() => {
            let mut crops = first.crops.len();
            let mut jobs = vec![first];
            while crops < BATCH && let Ok(job) = predict.try_recv() {
                crops += job.crops.len();
                jobs.push(job);
            }
            Some(Turn { jobs, exact: true })
        }
        Some(job) = store.recv() => Some(Turn { jobs: vec![job], exact: false }),
        else => None,
    }
}

/// Answers jobs of one network.
pub(super) fn answer(network: &Network, jobs: Vec<Job>) {
    let (embeddings, features): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.want == Want::Embeddings);
    answer_alike(network, Want::Embeddings, embeddings);
    answer_alike(network, Want::Features, features);
}

fn answer_alike(network: &Network, want: Want, jobs: Vec<Job>) {
    if jobs.is_empty() {
        return;
    }
    let crops: Vec<&[u8]> = jobs.iter().flat_map(|job| &job.crops).map(Crop::pixels).collect();
    match look(network, want, &crops) {
        Ok(embeddings) => {
            let mut embeddings = embeddings.into_iter();
            for job in jobs {
                let share = embeddings.by_ref().take(job.crops.len()).collect();
                // An error here only says that nobody waits any more.
                let _ = job.reply.send(Ok(share));
            }
        }
        Err(message) => {
            tracing::error!(error = message, "a batch could not be embedded");
            for job in jobs {
                let _ = job.reply.send(Err(EngineError::Forward(message.clone())));
            }
        }
    }
}

fn look(network: &Network, want: Want, crops: &[&[u8]]) -> Result<Vec<Embedding>, String> {
    let embeddings = match want {
        Want::Embeddings => network.embed(crops),
        Want::Features => network.features(crops),
    };
    let embeddings = embeddings.map_err(|error| error.to_string())?;
    if embeddings.iter().flatten().all(|number| number.is_finite()) {
        Ok(embeddings)
    } else {
        Err("the backbone made numbers that are not finite".into())
    }
}
