//! The worker of this process: takes jobs from the queues until it is told to stop.

use super::{
    AGAIN, embed, overlooked,
    queue::{ATTEMPTS, Queue},
    recover, sweep, train,
};
use crate::app::App;
use anyhow::Context;
use apalis::prelude::{Attempt, Data, Monitor, WorkerBuilder, WorkerBuilderExt};
use futures::{FutureExt, future::BoxFuture};
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use store::StoreError;
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

/// A running worker.
pub struct Worker {
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
    sweeper: JoinHandle<()>,
    overseer: JoinHandle<()>,
}

impl Worker {
    /// Takes no more jobs, and waits for those under way.
    pub async fn stop(self) {
        // Whatever it is in the middle of is done again by the next.
        self.sweeper.abort();
        self.overseer.abort();
        // An error means that it has stopped by itself, which it has logged.
        let _ = self.stop.send(());
        if let Err(error) = self.done.await {
            tracing::error!("the worker ended with {error}");
        }
    }
}

/// Puts back what an earlier process left undone, then works in the background.
pub async fn start(app: App) -> anyhow::Result<Worker> {
    recover::put_back(&app).await.context("unfinished work can't be put back into the queue")?;
    let dropped = Dropped { app: app.clone(), noticed: Arc::default() };
    let monitor = Monitor::new().should_restart(move |worker, error| {
        tracing::error!(worker = worker.name(), "a worker stopped and starts again: {error}");
        dropped.put_back();
        true
    });
    let sweeper = tokio::spawn(sweep::regularly(app.clone()));
    let overseer = tokio::spawn(overlooked::regularly(app.clone()));
    let trainers = app.settings.workers.max(1);
    // The engine embeds one batch after another: a second job would only hold pictures in memory.
    let monitor = with_embedder(monitor, &app);
    let monitor = with_trainer(monitor, &app, trainers);
    // The engine fine-tunes one run after another: a second one would only say that it is running.
    let monitor = with_tuner(monitor, &app);
    let (stop, stopped) = oneshot::channel::<()>();
    let jobs = app.jobs.clone();
    let done = tokio::spawn(async move {
        let signal = async {
            tokio::select! {
                _ = stopped => {}
                // Requests may still be finished; nothing new is begun meanwhile.
                () = jobs.stopped() => {}
            }
            Ok(())
        };
        if let Err(error) = monitor.run_with_signal(signal).await {
            tracing::error!("the worker ended: {error}");
        }
    });
    Ok(Worker { stop, done, sweeper, overseer })
}

/// What a worker was doing that stopped because the queue did not answer.
struct Dropped {
    app: App,
    noticed: Arc<AtomicBool>,
}

impl Dropped {
    /// Puts it back as soon as the queue answers again; once for all workers that stop meanwhile.
    fn put_back(&self) {
        if self.noticed.swap(true, Ordering::SeqCst) {
            return;
        }
        let (app, noticed) = (self.app.clone(), self.noticed.clone());
        tokio::spawn(async move {
            tokio::time::sleep(AGAIN).await;
            while !app.jobs.is_stopping() && recover::put_back(&app).await.is_err() {
                tokio::time::sleep(AGAIN).await;
            }
            noticed.store(false, Ordering::SeqCst);
        });
    }
}

/// A worker on a queue. A macro, because apalis gives each backend's worker a type of its own.
macro_rules! register {
    ($monitor:expr, $app:expr, $queue:expr, $work:path, $at_once:expr) => {{
        let (app, queue, at_once) = ($app.clone(), $queue.clone(), $at_once);
        match queue.pool().clone() {
            store::Queue::Sqlite(pool) => $monitor.register(move |_| {
                WorkerBuilder::new(worker_name(&queue).as_str())
                    .backend(queue.sqlite(&pool))
                    .data(app.clone())
                    .catch_panic()
                    .concurrency(at_once)
                    .build($work)
            }),
            store::Queue::Postgres(pool) => $monitor.register(move |_| {
                WorkerBuilder::new(worker_name(&queue).as_str())
                    .backend(queue.postgres(&pool))
                    .data(app.clone())
                    .catch_panic()
                    .concurrency(at_once)
                    .build($work)
            }),
        }
    }};
}

fn with_embedder(monitor: Monitor, app: &App) -> Monitor {
    register!(monitor, app, app.jobs.embed, work_embed, 1)
}

fn with_trainer(monitor: Monitor, app: &App, at_once: usize) -> Monitor {
    register!(monitor, app, app.jobs.train, work_train, at_once)
}

fn with_tuner(monitor: Monitor, app: &App) -> Monitor {
    register!(monitor, app, app.jobs.fine_tune, work_train, 1)
}

// Boxed, because the compiler can't see through these futures that they may move between threads.

fn work_embed(job: embed::EmbedJob, app: Data<App>) -> BoxFuture<'static, Result<(), embed::EmbedError>> {
    async move {
        loop {
            match embed::run(&app, job.clone()).await {
                Err(error) if error.is_passing() => wait(&app, &error).await?,
                Err(error) => {
                    tracing::error!(project = %job.project, "pictures could not be embedded: {error}");
                    return Err(error);
                }
                Ok(()) => return Ok(()),
            }
        }
    }
    .boxed()
}

fn work_train(job: train::TrainJob, app: Data<App>, attempt: Attempt) -> BoxFuture<'static, Result<(), TrainJobError>> {
    async move {
        let result = loop {
            match AssertUnwindSafe(train::run(&app, &job)).catch_unwind().await {
                Ok(Err(error)) if error.is_passing() => wait(&app, &error).await?,
                Ok(result) => break result.map_err(TrainJobError::from),
                Err(_) => break Err(TrainJobError::Panic),
            }
        };
        if result.is_err() && attempt.current() >= ATTEMPTS {
            train::give_up(&app, &job).await?;
        }
        result
    }
    .boxed()
}

/// While the database does not answer or the disk is full, the job stays with this worker: it could not even say that the
/// job is to be tried again. An error ends the wait, because the process is about to end.
async fn wait(app: &App, error: &(dyn std::error::Error + Send + Sync)) -> Result<(), StoreError> {
    tracing::warn!("a job waits until it can go on: {error}");
    tokio::select! {
        () = tokio::time::sleep(AGAIN) => Ok(()),
        () = app.jobs.stopped() => Err(StoreError::Unavailable("the process is about to end".into())),
    }
}

/// Why a run's job is tried again.
#[derive(Debug, thiserror::Error)]
enum TrainJobError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("training panicked")]
    Panic,
}

/// Never the same twice: a name that a dead process had would have to wait until that one counts as dead.
fn worker_name<J>(queue: &Queue<J>) -> String
where
    J: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + Unpin + 'static,
{
    format!("{}-{}", queue.name(), Uuid::now_v7())
}
