//! The long-lived threads that own libtorch: one embeds and predicts, one trains heads, one fine-tunes, one compares pictures.
//!
//! Tensors can be sent but not shared, libtorch's grad mode and worker pools belong to threads, and fresh threads grow
//! memory; so nothing else calls libtorch. Queues are bounded: whoever has too much work waits, without a thread.

mod analyst;
mod embedder;
mod error;
mod models;
mod trainer;
mod tuned;

pub use error::EngineError;
pub use models::BackboneStatus;
pub use tuned::Tuned;

use crate::{
    backbone::{Compute, Embedding},
    duplicates,
    finetune::{self, FineTuning, Start},
    instant,
    preprocess::Crop,
    projection,
    training::{Observer, TrainError, Trained, TrainingSet},
};
use dto::model::{Backbone, Settings};
use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use tokio::sync::{mpsc, oneshot};

/// Jobs that may wait in a queue before their senders do.
const QUEUE: usize = 64;
/// Batches of one call that are in the queue at once: one to work on and one to follow, so that a call with many
/// pictures neither leaves the engine idle nor shuts others out.
const IN_FLIGHT: usize = 2;
/// How much a thread yields to others, 0 not at all, 19 always: instant runs to predictions, fine-tuning to everything.
const TRAINER_NICENESS: i32 = 10;
const TUNER_NICENESS: i32 = 19;

/// What the engine needs to start.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// A safetensors file for each backbone that is wanted.
    pub weights: Vec<(Backbone, PathBuf)>,
    /// CPU threads that embedding is spread over, at least 1.
    pub threads: usize,
    /// Of embeddings to be stored and of fine-tuning; predictions are always [`Compute::EXACT`].
    pub compute: Compute,
}

/// What embeddings are wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be stored and learned from: in the background, in the way that is fastest on this machine.
    Store,
    /// Somebody waits: before all background work, in 32 bits.
    Predict,
}

/// A handle on the threads; clones share them. They end when the last handle is dropped.
#[derive(Clone)]
pub struct Engine {
    predict: mpsc::Sender<embedder::Job>,
    store: mpsc::Sender<embedder::Job>,
    train: mpsc::Sender<trainer::Job<(TrainingSet, Settings)>>,
    tune: mpsc::Sender<trainer::Job<Start>>,
    analyse: mpsc::Sender<analyst::Job>,
    backbones: Arc<[BackboneStatus]>,
    weights: Arc<[(Backbone, PathBuf)]>,
    compute: Compute,
}

impl Engine {
    /// Loads the weights and starts the threads. A backbone whose file is missing or bad is no error: see
    /// [`Engine::backbones`].
    pub fn start(config: EngineConfig) -> Result<Self, EngineError> {
        let (models, backbones, compute) = models::load(&config.weights, config.compute);
        let threads = config.threads.clamp(1, 1024) as i32;
        let (predict, predictions) = mpsc::channel(QUEUE);
        let (store, embeddings) = mpsc::channel(QUEUE);
        let (train, runs) = mpsc::channel(QUEUE);
        let (tune, tunings) = mpsc::channel(QUEUE);
        let (analyse, analyses) = mpsc::channel(QUEUE);
        let queues = embedder::Queues { predict: predictions, store: embeddings };
        thread::Builder::new().name("embedder".into()).spawn(move || {
            spread_over(threads);
            embedder::run(models, queues);
        })?;
        thread::Builder::new().name("trainer".into()).spawn(move || {
            yield_to_others(TRAINER_NICENESS);
            // One thread: the matrices are small, two threads wait for each other longer than they work whenever the
            // machine is busy, and the order of additions, hence every bit of a model, is then the same on every machine.
            spread_over(1);
            trainer::run(runs, |(set, settings), observer| instant::train(set, settings, observer));
        })?;
        thread::Builder::new().name("fine-tuner".into()).spawn(move || {
            yield_to_others(TUNER_NICENESS);
            spread_over(threads);
            trainer::run(tunings, finetune::fine_tune);
        })?;
        thread::Builder::new().name("analyst".into()).spawn(move || {
            yield_to_others(TRAINER_NICENESS);
            spread_over(1);
            analyst::run(analyses);
        })?;
        let (backbones, weights) = (backbones.into(), config.weights.into());
        Ok(Self { predict, store, train, tune, analyse, backbones, weights, compute })
    }

    /// How embeddings to be stored are made, and fine-tuning is done: as the configuration says, unless this machine can't.
    pub fn compute(&self) -> Compute {
        self.compute
    }

    /// Every backbone that Pupil knows, and whether it can be used here.
    pub fn backbones(&self) -> &[BackboneStatus] {
        &self.backbones
    }

    /// ResNet18 where it can be used, else EfficientNet-Lite0, else none.
    pub fn default_backbone(&self) -> Option<Backbone> {
        self.backbones.iter().find(|status| status.problem.is_none()).map(|status| status.backbone)
    }

    /// The SHA-256 of a usable backbone's file of weights, in hexadecimal.
    pub fn weights_sha256(&self, backbone: Backbone) -> Option<&str> {
        self.backbones.iter().find(|status| status.backbone == backbone)?.weights_sha256.as_deref()
    }

    /// The embeddings of pictures, in their order. Dropping the future gives up what has not begun.
    pub async fn embed(
        &self,
        backbone: Backbone,
        crops: Vec<Crop>,
        purpose: Purpose,
    ) -> Result<Vec<Embedding>, EngineError> {
        if self.weights_sha256(backbone).is_none() {
            return Err(models::missing(backbone, &self.backbones));
        }
        let queue = match purpose {
            Purpose::Store => &self.store,
            Purpose::Predict => &self.predict,
        };
        self.in_batches(queue, embedder::Want::Embeddings, backbone, None, crops).await
    }

    /// The embeddings of pictures by a model's own backbone, in 32 bits and before all background work.
    ///
    /// # Errors
    /// [`EngineError::NotLoaded`] if its file is needed but was not given.
    pub async fn embed_tuned(
        &self,
        backbone: Backbone,
        tuned: Tuned,
        crops: Vec<Crop>,
    ) -> Result<Vec<Embedding>, EngineError> {
        self.in_batches(&self.predict, embedder::Want::Embeddings, backbone, Some(tuned), crops).await
    }

    /// A picture's features before pooling, `dimensions × 7 × 7`, in 32 bits and before all background work; by a model's own
    /// backbone where `tuned` names one.
    ///
    /// # Errors
    /// [`EngineError::NotLoaded`] if that backbone's file is needed but was not given.
    pub async fn features(
        &self,
        backbone: Backbone,
        tuned: Option<Tuned>,
        crop: Crop,
    ) -> Result<Vec<f32>, EngineError> {
        if tuned.is_none() && self.weights_sha256(backbone).is_none() {
            return Err(models::missing(backbone, &self.backbones));
        }
        let features = self.in_batches(&self.predict, embedder::Want::Features, backbone, tuned, vec![crop]).await?;
        features.into_iter().next().ok_or(EngineError::Stopped)
    }

    /// Puts pictures that are nearly the same into groups: of each picture the number of its group, from 0 in the order of
    /// their first pictures. `embeddings` holds `dimensions` numbers per picture.
    pub async fn near_duplicates(&self, embeddings: Vec<f32>, dimensions: usize) -> Result<Vec<usize>, EngineError> {
        let work = move |pictures: &tch::Tensor| duplicates::group(pictures, duplicates::NEAR);
        analyst::ask(&self.analyse, embeddings, dimensions, work).await
    }

    /// A map of pictures: of each two coordinates, from -1 to 1. `embeddings` holds `dimensions` numbers per picture.
    pub async fn map(&self, embeddings: Vec<f32>, dimensions: usize) -> Result<Vec<[f32; 2]>, EngineError> {
        analyst::ask(&self.analyse, embeddings, dimensions, projection::plane).await
    }

    async fn in_batches(
        &self,
        queue: &mpsc::Sender<embedder::Job>,
        want: embedder::Want,
        backbone: Backbone,
        tuned: Option<Tuned>,
        crops: Vec<Crop>,
    ) -> Result<Vec<Embedding>, EngineError> {
        let mut embeddings = Vec::with_capacity(crops.len());
        let mut crops = crops.into_iter();
        let mut answers = VecDeque::with_capacity(IN_FLIGHT);
        loop {
            while answers.len() < IN_FLIGHT && crops.len() > 0 {
                let (reply, answer) = oneshot::channel();
                let batch = crops.by_ref().take(embedder::BATCH).collect();
                let job = embedder::Job { want, backbone, tuned: tuned.clone(), crops: batch, reply };
                queue.send(job).await.map_err(|_| EngineError::Stopped)?;
                answers.push_back(answer);
            }
            let Some(answer) = answers.pop_front() else { return Ok(embeddings) };
            embeddings.extend(answer.await.map_err(|_| EngineError::Stopped)??);
        }
    }

    /// Trains a head on embeddings, in the order of calls. The observer hears of progress and may cancel.
    pub async fn train_instant(
        &self,
        set: TrainingSet,
        settings: Settings,
        observer: Box<dyn Observer>,
    ) -> Result<Trained, TrainError> {
        trainer::ask(&self.train, (set, settings), observer).await
    }

    /// Trains the whole network on pictures, one run after another. The observer hears of progress and checkpoints and
    /// may cancel, which takes one batch.
    pub async fn fine_tune(&self, tuning: FineTuning, observer: Box<dyn Observer>) -> Result<Trained, TrainError> {
        let backbone = tuning.backbone;
        let weights = self.weights.iter().find(|(of, _)| *of == backbone).map(|(_, path)| path.clone());
        let (Some(weights), Some(sha256)) = (weights, self.weights_sha256(backbone)) else {
            return Err(TrainError::OtherWeights);
        };
        let start = Start { tuning, weights, weights_sha256: sha256.to_owned(), compute: self.compute };
        trainer::ask(&self.tune, start, observer).await
    }
}

/// Sets how many CPU threads libtorch spreads this thread's work over.
pub(crate) fn spread_over(threads: i32) {
    // libtorch writes the number into a variable of the whole process, and a thread adopts it at its first question, so
    // both must happen before another thread writes.
    static ADOPTING: Mutex<()> = Mutex::new(());
    let _adopting = ADOPTING.lock().unwrap_or_else(PoisonError::into_inner);
    tch::set_num_threads(threads);
    let adopted = tch::get_num_threads();
    if adopted != threads {
        tracing::warn!(threads, adopted, "libtorch uses another number of threads");
    }
}

/// Lowers the priority of this thread, and so of the workers that libtorch starts for it.
fn yield_to_others(niceness: i32) {
    #[cfg(not(target_os = "linux"))]
    let _ = niceness;
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, niceness) {
        tracing::warn!(%error, "training runs at the priority of everything else");
    }
}

#[cfg(test)]
mod tests;
