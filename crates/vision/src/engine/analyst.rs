//! The thread that compares pictures with one another: near-duplicates, the map.

use super::EngineError;
use tch::{TchError, Tensor};
use tokio::sync::{mpsc, oneshot};

/// Something to find out. It answers by itself.
pub type Job = Box<dyn FnOnce() + Send>;

/// Does jobs until every sender is gone.
pub fn run(mut queue: mpsc::Receiver<Job>) {
    while let Some(job) = queue.blocking_recv() {
        // A job that panics drops the sender of its answer, which its caller hears of.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
    }
}

/// Has `work` done on `[pictures, dimensions]`, and waits for what comes of it.
pub async fn ask<T: Send + 'static>(
    queue: &mpsc::Sender<Job>,
    embeddings: Vec<f32>,
    dimensions: usize,
    work: impl FnOnce(&Tensor) -> Result<T, TchError> + Send + 'static,
) -> Result<T, EngineError> {
    let (reply, answer) = oneshot::channel();
    let job = move || {
        // A caller that has gone away needs no answer.
        if reply.is_closed() {
            return;
        }
        let shape = [(embeddings.len() / dimensions.max(1)) as i64, dimensions as i64];
        let found = tch::no_grad(|| work(&Tensor::f_from_slice(&embeddings)?.f_view(shape)?));
        let _ = reply.send(found.map_err(|error| EngineError::Analysis(error.to_string())));
    };
    queue.send(Box::new(job)).await.map_err(|_| EngineError::Stopped)?;
    answer.await.map_err(|_| EngineError::Stopped)?
}
