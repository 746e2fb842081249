//! One run at a time embeds a project's pictures: several that begin together would each look at the same ones.

use dto::ProjectId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The projects whose pictures runs of this process look at. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Looking(Arc<Mutex<HashMap<ProjectId, Weak<AsyncMutex<()>>>>>);

impl Looking {
    /// Waits until no other run looks at the project's pictures; dropping what this answers lets the next one.
    pub async fn begin(&self, project: ProjectId) -> OwnedMutexGuard<()> {
        self.of(project).lock_owned().await
    }

    fn of(&self, project: ProjectId) -> Arc<AsyncMutex<()>> {
        let mut projects = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        projects.retain(|_, lock| lock.strong_count() > 0);
        if let Some(lock) = projects.get(&project).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::default();
        projects.insert(project, Arc::downgrade(&lock));
        lock
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use uuid::Uuid;

    #[tokio::test]
    async fn one_looks_at_a_project_at_a_time() {
        let looking = Looking::default();
        let [one, other] = [(); 2].map(|()| ProjectId(Uuid::now_v7()));
        let first = looking.begin(one).await;
        let _elsewhere = looking.begin(other).now_or_never().expect("another project is free");
        let mut second = looking.begin(one).boxed();
        assert!((&mut second).now_or_never().is_none());
        drop(first);
        drop(second.now_or_never().expect("it is free now"));
        drop(looking.begin(one).now_or_never().expect("it is free again"));
        assert_eq!(looking.0.lock().expect("nobody panicked").len(), 2, "one is held, one was free a moment ago");
        drop(looking.begin(ProjectId(Uuid::now_v7())).await);
        assert_eq!(looking.0.lock().expect("nobody panicked").len(), 2, "what nobody holds is forgotten");
    }
}
