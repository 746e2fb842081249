//! Learning while somebody labels: after a burst of changes a draft model is trained, which replaces the one before.

use crate::{app::App, jobs::QueueError};
use dto::{
    ProjectId, UserId,
    model::{Mode, Settings},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::{NewModel, StoreError};
use tokio::time::{Instant, sleep, sleep_until};

/// A burst is over when nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(700);
/// While somebody labels without a pause, a draft is trained this often.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often to look whether the draft before is done learning, and how long to wait for it at most.
const LOOK: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
enum DraftError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// The bursts of changes under way in this process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Drafts(Arc<Mutex<HashMap<ProjectId, Burst>>>);

#[derive(Clone, Copy)]
struct Burst {
    began: Instant,
    /// When to train, unless more changes come.
    due: Instant,
}

impl Drafts {
    /// Labels of a project have changed. Returns at once; whether the project wants drafts is looked up afterwards.
    pub fn labels_changed(&self, app: &App, project: ProjectId) {
        let now = Instant::now();
        let mut bursts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(burst) = bursts.get_mut(&project) {
            burst.due = (now + QUIET).min(burst.began + PATIENCE);
            return;
        }
        bursts.insert(project, Burst { began: now, due: now + QUIET });
        let (drafts, app) = (self.clone(), app.clone());
        tokio::spawn(async move {
            let owner = drafts.burst_is_over(&app, project).await;
            // Changes from here on begin a burst of their own, and the snapshot is yet to be taken: none is missed.
            drafts.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&project);
            let trained = match owner {
                Ok(Some(owner)) => train(&app, owner, project).await,
                Ok(None) => Ok(()),
                Err(error) => Err(error.into()),
            };
            if let Err(error) = trained {
                tracing::warn!(%project, "no draft was trained: {error}");
            }
        });
    }

    /// Waits until changes have stopped and no draft is learning; whose project it is, if it wants a draft at all.
    async fn burst_is_over(&self, app: &App, project: ProjectId) -> Result<Option<UserId>, StoreError> {
        let Some(owner) = app.store.learner(project).await? else { return Ok(None) };
        let latest = Instant::now() + LONGEST;
        loop {
            while let Some(due) = self.due(project).filter(|due| *due > Instant::now()) {
                sleep_until(due).await;
            }
            if Instant::now() > latest || !app.store.is_drafting(project).await? {
                return Ok(Some(owner));
            }
            sleep(LOOK).await;
        }
    }

    fn due(&self, project: ProjectId) -> Option<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&project).map(|burst| burst.due)
    }
}

async fn train(app: &App, owner: UserId, project: ProjectId) -> Result<(), DraftError> {
    let Some(backbone) = app.engine.default_backbone() else { return Ok(()) };
    let Some(weights) = app.engine.weights_sha256(backbone) else { return Ok(()) };
    let new = NewModel {
        mode: Mode::Instant,
        backbone,
        weights_sha256: weights.to_owned(),
        preprocessing: vision::PREPROCESSING.to_owned(),
        settings: Settings::default(),
        draft: true,
    };
    match app.store.create_model(owner, project, &new).await {
        Ok(model) => {
            app.jobs.train_soon(model.id, Mode::Instant).await;
            Ok(())
        }
        // There will be enough when more is labelled; and nobody needs a draft of what is gone.
        Err(StoreError::NotEnoughImages { .. } | StoreError::NotFound(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
