//! The thread that embeds. Predictions come first: background work is cut into small steps while they come in.

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
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Crops in one forward pass: more are no faster, and take memory.
pub const BATCH: usize = 16;

/// The same in the background while predictions come in, each of which may have to wait for one.
const STEP: usize = 2;
/// Forward passes of predictions, one after another, after which a step in the background has its turn: without end they
/// would keep everybody's new pictures waiting.
const PREDICTIONS: usize = 4;
/// How long after a prediction another is expected.
const ANOTHER_WITHIN: Duration = Duration::from_secs(1);

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
pub fn run(models: Vec<Model>, queues: Queues) {
    // Nothing but the two queues is awaited here, so the smallest runtime will do.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        tracing::error!("the embedder has no runtime");
        return;
    };
    let mut embedder = Embedder { models, tuned: TunedModels::default(), queues, predicted: None, predictions: 0 };
    while let Some(turn) = runtime.block_on(embedder.next()) {
        match turn {
            Turn::Predict(job) => embedder.predict(job),
            Turn::Store(job) => embedder.store(job),
        }
    }
}

enum Turn {
    Predict(Job),
    Store(Job),
}

struct Embedder {
    models: Vec<Model>,
    tuned: TunedModels,
    queues: Queues,
    /// When the last prediction was made.
    predicted: Option<Instant>,
    /// Forward passes of predictions since the last background job.
    predictions: usize,
}

impl Embedder {
    /// Predictions first, but not without end: what is to be stored has its turn too.
    async fn next(&mut self) -> Option<Turn> {
        if self.predictions >= PREDICTIONS
            && let Ok(job) = self.queues.store.try_recv()
        {
            self.predictions = 0;
            return Some(Turn::Store(job));
        }
        tokio::select! {
            biased;
            Some(job) = self.queues.predict.recv() => {
                self.predictions += 1;
                Some(Turn::Predict(job))
            }
            Some(job) = self.queues.store.recv() => {
                self.predictions = 0;
                Some(Turn::Store(job))
            }
            else => None,
        }
    }

    /// Predicts, together with what waits: one forward pass of many pictures costs less than many of one.
    fn predict(&mut self, first: Job) {
        let mut crops = first.crops.len();
        let mut jobs = vec![first];
        while crops < BATCH
            && let Ok(job) = self.queues.predict.try_recv()
        {
            crops += job.crops.len();
            jobs.push(job);
        }
        // A caller that has gone away needs no answer.
        jobs.retain(|job| !job.reply.is_closed());
        let (own, mut pretrained): (Vec<_>, Vec<_>) = jobs.into_iter().partition(|job| job.tuned.is_some());
        for job in own {
            self.tuned.answer(job);
        }
        for model in &self.models {
            let (own, others) = pretrained.into_iter().partition(|job| job.backbone == model.backbone);
            pretrained = others;
            answer(&model.exact, own);
        }
        self.predicted = Some(Instant::now());
    }

    /// Embeds in the background: a few pictures at a time while there are predictions, which come in between.
    fn store(&mut self, job: Job) {
        let mut embeddings = Vec::with_capacity(job.crops.len());
        let mut rest = &job.crops[..];
        while !rest.is_empty() && !job.reply.is_closed() {
            let expected = self.predicted.is_some_and(|then| then.elapsed() < ANOTHER_WITHIN);
            let (step, after) = rest.split_at(rest.len().min(if expected { STEP } else { BATCH }));
            let Some(model) = self.models.iter().find(|model| model.backbone == job.backbone) else { return };
            match look(model.fast.as_ref().unwrap_or(&model.exact), job.want, step) {
                Ok(more) => embeddings.extend(more),
                Err(error) => {
                    // An error of sending only says that nobody waits any more.
                    let _ = job.reply.send(Err(EngineError::Forward(error)));
                    return;
                }
            }
            rest = after;
            for _ in 0..PREDICTIONS {
                let Ok(waiting) = self.queues.predict.try_recv() else { break };
                self.predict(waiting);
            }
        }
        let _ = job.reply.send(Ok(embeddings));
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
    match look(network, want, jobs.iter().flat_map(|job| &job.crops)) {
        Ok(embeddings) => {
            let mut embeddings = embeddings.into_iter();
            for job in jobs {
                let share = embeddings.by_ref().take(job.crops.len()).collect();
                // An error here only says that nobody waits any more.
                let _ = job.reply.send(Ok(share));
            }
        }
        Err(message) => {
            for job in jobs {
                let _ = job.reply.send(Err(EngineError::Forward(message.clone())));
            }
        }
    }
}

fn look<'a>(
    network: &Network,
    want: Want,
    crops: impl IntoIterator<Item = &'a Crop>,
) -> Result<Vec<Embedding>, String> {
    let crops: Vec<&[u8]> = crops.into_iter().map(Crop::pixels).collect();
    let outcome = match want {
        Want::Embeddings => network.embed(&crops),
        Want::Features => network.features(&crops),
    };
    let message = match outcome {
        Ok(seen) if seen.iter().flatten().all(|number| number.is_finite()) => return Ok(seen),
        Ok(_) => "the backbone made numbers that are not finite".into(),
        Err(error) => error.to_string(),
    };
    tracing::error!(error = message, "a batch could not be embedded");
    Err(message)
}
