//! Following a run from outside: what has happened, then what happens.

use super::Jobs;
use dto::{
    ModelId, UserId,
    model::{Epoch, ModelEvent, Progress, RunState, Status},
};
use futures::{Stream, stream};
use std::{collections::VecDeque, time::Duration};
use store::{Store, StoreError};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{Instant, timeout_at},
};

/// A run that works in another process is looked at this often; of one in this process word comes at once.
const LOOK: Duration = Duration::from_millis(250);
/// Silence after which a heartbeat says that all is well.
const SILENCE: Duration = Duration::from_secs(15);

/// Nothing has happened for a while.
pub struct Heartbeat;

/// What one follower has seen of a run. The tables are the truth; word of a change only says when to look.
pub struct Follower {
    store: Store,
    jobs: Jobs,
    owner: UserId,
    model: ModelId,
    changes: broadcast::Receiver<ModelId>,
    state: Option<RunState>,
    progress: Option<Progress>,
    last_epoch: Option<u32>,
    waiting: VecDeque<ModelEvent>,
    over: bool,
}

impl Follower {
    /// Fails if there is no such model, or it is another user's.
    pub async fn new(store: Store, jobs: &Jobs, owner: UserId, model: ModelId) -> Result<Self, StoreError> {
        // Before the first look, so that nothing falls between the two.
        let changes = jobs.changes();
        store.model(owner, model).await?;
        Ok(Self {
            store,
            jobs: jobs.clone(),
            owner,
            model,
            changes,
            state: None,
            progress: None,
            last_epoch: None,
            waiting: VecDeque::new(),
            over: false,
        })
    }

    /// The events, ending after the last one of the run, or when the process is about to end.
    pub fn events(self) -> impl Stream<Item = Result<Result<ModelEvent, Heartbeat>, StoreError>> {
        stream::try_unfold(self, |mut follower| async move {
            let silent_until = Instant::now() + SILENCE;
            loop {
                if let Some(event) = follower.waiting.pop_front() {
                    return Ok(Some((Ok(event), follower)));
                }
                // Whoever still listens when the process is about to end asks again, and is told the rest by the next one.
                if follower.over || follower.jobs.is_stopping() {
                    return Ok(None);
                }
                follower.look().await?;
                if !follower.waiting.is_empty() {
                    continue;
                }
                if Instant::now() >= silent_until {
                    return Ok(Some((Err(Heartbeat), follower)));
                }
                follower.wait().await;
            }
        })
    }

    /// Queues whatever is new in the tables.
    async fn look(&mut self) -> Result<(), StoreError> {
        let now = self.store.run_state(self.model).await?;
        let state = RunState { status: now.status, phase: now.phase };
        if self.state != Some(state) {
            self.state = Some(state);
            self.waiting.push_back(ModelEvent::State(state));
        }
        if self.progress != Some(now.progress) && !state.status.is_over() {
            self.progress = Some(now.progress);
            self.waiting.push_back(ModelEvent::Progress(now.progress));
        }
        let epochs: Vec<Epoch> = self.store.epochs(self.model, self.last_epoch).await?;
        if let Some(last) = epochs.last() {
            self.last_epoch = Some(last.epoch);
        }
        self.waiting.extend(epochs.into_iter().map(ModelEvent::Epoch));
        if state.status.is_over() {
            let model = Box::new(self.store.model(self.owner, self.model).await?);
            self.waiting.push_back(match state.status {
                Status::Ready => ModelEvent::Ready(model),
                Status::Cancelled => ModelEvent::Cancelled(model),
                _ => ModelEvent::Failed(model),
            });
            self.over = true;
        }
        Ok(())
    }

    /// Until word of a change, or until it is time to look again anyway.
    async fn wait(&mut self) {
        let next = Instant::now() + LOOK;
        loop {
            let change = tokio::select! {
                change = timeout_at(next, self.changes.recv()) => change,
                () = self.jobs.stopped() => return,
            };
            match change {
                Ok(Ok(changed)) if changed != self.model => {}
                Ok(Err(RecvError::Closed)) => return tokio::time::sleep_until(next).await,
                _ => return,
            }
        }
    }
}
