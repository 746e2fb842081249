//! Whose pictures are embedded next: users take turns, however many pictures each has sent and in how many jobs.

use dto::{ProjectId, UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::{Store, StoreError};

/// Looking for who waits means looking at every image: this often at most…
const PAUSE: Duration = Duration::from_secs(2);
/// …and for one part in so many of the time.
const SHARE: u32 = 20;

/// The order of this process's worker. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// A project of each user who waits, as it was found last.
    waiting: HashMap<UserId, ProjectId>,
    look_again: Option<Instant>,
    /// The turn that each user had last.
    served: HashMap<UserId, u64>,
    turn: u64,
}

impl Turns {
    /// The project to go on with, where a job names one of `owner`'s: that one, unless somebody else had their turn longer
    /// ago.
    pub async fn next(
        &self,
        store: &Store,
        (owner, named): (UserId, ProjectId),
        (weights, preprocessing): (&str, &str),
    ) -> Result<ProjectId, StoreError> {
        if self.state(|state| state.look_again.is_none_or(|time| time <= Instant::now())) {
            let start = Instant::now();
            let waiting = store.waiting_users(weights, preprocessing).await?;
            let pause = PAUSE.max(start.elapsed() * SHARE);
            self.state(|state| {
                state.served.retain(|user, _| *user == owner || waiting.contains_key(user));
                (state.waiting, state.look_again) = (waiting, Some(Instant::now() + pause));
            });
        }
        Ok(self.state(|state| state.next(owner, named)))
    }

    /// The user of this project has none left that waits.
    pub fn is_done(&self, project: ProjectId) {
        self.state(|state| state.waiting.retain(|_, waiting| *waiting != project));
    }

    fn state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    fn next(&mut self, owner: UserId, named: ProjectId) -> ProjectId {
        let last_turn = |user: &UserId| self.served.get(user).copied().unwrap_or(0);
        let others = self.waiting.iter().filter(|(user, _)| **user != owner);
        let longest = others.min_by_key(|(user, _)| (last_turn(user), **user));
        let (user, project) = match longest {
            Some((user, project)) if last_turn(user) < last_turn(&owner) => (*user, *project),
            _ => (owner, named),
        };
        self.turn += 1;
        self.served.insert(user, self.turn);
        project
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn users_take_turns() {
        let new = || (UserId(Uuid::now_v7()), ProjectId(Uuid::now_v7()));
        let [(ann, anns), (bob, bobs), (cem, cems)] = [new(), new(), new()];
        let mut state = State { waiting: [(ann, anns), (bob, bobs), (cem, cems)].into(), ..State::default() };
        // All jobs are Ann's, and yet the others come as often.
        let order: Vec<ProjectId> = (0..6).map(|_| state.next(ann, anns)).collect();
        assert_eq!(order, [anns, bobs, cems, anns, bobs, cems]);
        state.waiting.remove(&bob);
        state.waiting.remove(&cem);
        assert_eq!([state.next(ann, anns), state.next(ann, anns)], [anns, anns]);
        // Who is new comes first.
        let (dan, dans) = new();
        state.waiting.insert(dan, dans);
        assert_eq!(state.next(ann, anns), dans);
    }
}
