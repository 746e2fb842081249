//! Learning on an engine's thread, and writing down what it reports.

use super::train::{Stop, check_wanted, failed};
use crate::app::App;
use bytes::Bytes;
use dto::{
    ModelId,
    model::{Epoch, Mode, Phase, Progress},
};
use std::{future::Future, time::Duration};
use store::{Run, StoreError};
use tokio::sync::{
    mpsc::{self, UnboundedReceiver, UnboundedSender},
    watch,
};
use vision::{Observer, TrainError, Trained};

/// How often a run's progress is written down, and a wish to stop is looked for.
const RECORD: Duration = Duration::from_millis(100);

/// Follows what `train` starts with the observer it is given. A run that is to be cancelled ends here at once, whatever
/// its thread is in the middle of; that notices when nobody listens any more.
pub(super) async fn follow<F>(
    app: &App,
    model: ModelId,
    run: &Run,
    train: impl FnOnce(Box<dyn Observer>) -> F,
) -> Result<Trained, Stop>
where
    F: Future<Output = Result<Trained, TrainError>>,
{
    let (sender, events) = mpsc::unbounded_channel();
    let (checkpoints, newest) = watch::channel(Bytes::new());
    let training = train(Box::new(Reporter { events: sender, checkpoints }));
    let training = async {
        training.await.map_err(|error| match error {
            TrainError::Cancelled => Stop::Cancelled,
            error => failed(&error.to_string()),
        })
    };
    let (trained, (), ()) =
        tokio::try_join!(training, record(app, model, run, events), keep_checkpoints(app, model, run, newest))?;
    Ok(trained)
}

enum Event {
    Phase(Phase),
    Progress(Progress),
    Epoch(Epoch),
}

/// Passes on what the training thread reports, without ever making it wait for the database.
struct Reporter {
    events: UnboundedSender<Event>,
    checkpoints: watch::Sender<Bytes>,
}

// An error of sending means that the job is gone, and `cancelled` is about to say so.
impl Observer for Reporter {
    fn phase(&mut self, phase: Phase) {
        let _ = self.events.send(Event::Phase(phase));
    }

    fn epoch(&mut self, epoch: &Epoch) {
        let _ = self.events.send(Event::Epoch(*epoch));
    }

    fn progress(&mut self, progress: Progress) {
        let _ = self.events.send(Event::Progress(progress));
    }

    fn checkpoint(&mut self, checkpoint: Vec<u8>) {
        let _ = self.checkpoints.send(checkpoint.into());
    }

    fn cancelled(&self) -> bool {
        self.events.is_closed()
    }
}

/// What has been reported since it was last written down.
struct News {
    epochs: Vec<Epoch>,
    phase: Phase,
    progress: Progress,
    written: bool,
}

/// Writes down what the training thread reports, all that came within [`RECORD`] in one go, until it is done.
async fn record(app: &App, model: ModelId, run: &Run, mut events: UnboundedReceiver<Event>) -> Result<(), Stop> {
    let total = u64::from(run.settings.max_epochs);
    let mut news =
        News { epochs: Vec::new(), phase: Phase::Training, progress: Progress { done: 0, total }, written: true };
    let mut beat = tokio::time::interval(RECORD);
    loop {
        tokio::select! {
            event = events.recv() => {
                match event {
                    None => return Ok(write(app, model, &mut news).await?),
                    Some(Event::Phase(phase)) => news.phase = phase,
                    Some(Event::Progress(progress)) => news.progress = progress,
                    Some(Event::Epoch(epoch)) => {
                        // An instant run's progress is its epochs.
                        if run.mode == Mode::Instant {
                            news.progress.done = u64::from(epoch.epoch) + 1;
                        }
                        news.epochs.push(epoch);
                    }
                }
                news.written = false;
            }
            _ = beat.tick() => {
                check_wanted(app, run).await?;
                write(app, model, &mut news).await?;
            }
        }
    }
}

async fn write(app: &App, model: ModelId, news: &mut News) -> Result<(), StoreError> {
    if news.written {
        return Ok(());
    }
    app.store.add_epochs(model, &news.epochs).await?;
    news.epochs.clear();
    app.store.set_phase(model, news.phase, news.progress).await?;
    news.written = true;
    app.jobs.changed(model);
    Ok(())
}

/// Keeps the newest checkpoint; those that come while one is written are skipped but for the last. When the process is
/// about to end, so does a run that can go on from there.
async fn keep_checkpoints(
    app: &App,
    model: ModelId,
    run: &Run,
    mut newest: watch::Receiver<Bytes>,
) -> Result<(), Stop> {
    loop {
        tokio::select! {
            // First of all, so that one that has come is written.
            biased;
            changed = newest.changed() => {
                // An error means that training is over.
                if changed.is_err() {
                    return Ok(());
                }
            }
            () = app.jobs.stopped(), if run.mode == Mode::FineTune => return Err(Stop::Interrupted),
        }
        let checkpoint = newest.borrow_and_update().clone();
        app.store.blobs().put(&store::checkpoint_key(model), checkpoint).await?;
    }
}
