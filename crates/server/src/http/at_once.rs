//! How much may be under way at once, for everybody together and for one user.

use super::error::ApiError;
use crate::config::Settings;
use dto::{ErrorCode, Problem, UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Uploads and predictions of one user: more than a browser's page and a few scripts send.
const UPLOADS_PER_USER: usize = 16;
/// Runs that one user follows: a browser opens six connections to a host.
const STREAMS_PER_USER: usize = 32;

/// The gates that requests go through.
pub struct Gates {
    requests: Arc<Semaphore>,
    requests_of: PerUser,
    uploads: Arc<Semaphore>,
    uploads_of: PerUser,
    streams_of: PerUser,
}

/// Being let in; dropping it makes room for the next.
pub struct Entry {
    _of_all: Option<OwnedSemaphorePermit>,
    _of_user: Option<UserEntry>,
}

impl Gates {
    pub fn new(settings: &Settings) -> Self {
        Self {
            requests: Arc::new(Semaphore::new(settings.edge.max_requests)),
            // A class may share one account; but there is always room for others.
            requests_of: PerUser::new(settings.edge.max_requests.div_ceil(2)),
            uploads: Arc::new(Semaphore::new(settings.edge.max_uploads)),
            uploads_of: PerUser::new(UPLOADS_PER_USER),
            streams_of: PerUser::new(STREAMS_PER_USER),
        }
    }

    /// A request that has arrived whole, or has nothing to bring; from nobody if its token is none of Pupil's.
    pub fn request(&self, user: Option<UserId>) -> Result<Entry, ApiError> {
        let gate = &self.requests_of;
        let of_user = user.map(|user| gate.enter(user).ok_or_else(|| too_many("requests", gate.limit))).transpose()?;
        Ok(Entry { _of_all: Some(enter(&self.requests)?), _of_user: of_user })
    }

    /// A body of files, which may take long to arrive.
    pub fn upload(&self, user: UserId) -> Result<Entry, ApiError> {
        let of_user = self.uploads_of.enter(user).ok_or_else(|| too_many("uploads", UPLOADS_PER_USER))?;
        Ok(Entry { _of_all: Some(enter(&self.uploads)?), _of_user: Some(of_user) })
    }

    /// An answer that goes on until a run ends.
    pub fn stream(&self, user: UserId) -> Result<Entry, ApiError> {
        let of_user = self.streams_of.enter(user).ok_or_else(|| too_many("event streams", STREAMS_PER_USER))?;
        Ok(Entry { _of_all: None, _of_user: Some(of_user) })
    }
}

fn enter(gate: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ApiError> {
    let busy = "Pupil has as much to do as it can take at once. Try again in a moment.";
    gate.clone().try_acquire_owned().map_err(|_| ApiError::new(ErrorCode::Busy, busy))
}

fn too_many(what: &str, limit: usize) -> ApiError {
    let detail = format!("You have {limit} {what} open, which is as many as Pupil takes at once. Wait for one to end.");
    Problem::new(ErrorCode::TooManyAtOnce, detail).with("limit", limit).into()
}

type Counts = Arc<Mutex<HashMap<UserId, usize>>>;

/// Counts what each user has open.
struct PerUser {
    limit: usize,
    counts: Counts,
}

impl PerUser {
    fn new(limit: usize) -> Self {
        Self { limit, counts: Counts::default() }
    }

    fn enter(&self, user: UserId) -> Option<UserEntry> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(user).or_default();
        if *count >= self.limit {
            return None;
        }
        *count += 1;
        Some(UserEntry { user, counts: self.counts.clone() })
    }
}

struct UserEntry {
    user: UserId,
    counts: Counts,
}

impl Drop for UserEntry {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn each_user_has_so_many_and_leaving_makes_room() {
        let gate = PerUser::new(2);
        let (ann, bob) = (UserId(Uuid::now_v7()), UserId(Uuid::now_v7()));
        let first = gate.enter(ann);
        let _second = gate.enter(ann);
        assert!(gate.enter(ann).is_none());
        assert!(gate.enter(bob).is_some());
        drop(first);
        assert!(gate.enter(ann).is_some());
        drop(_second);
        assert!(gate.counts.lock().expect("nobody panicked").is_empty());
    }
}
