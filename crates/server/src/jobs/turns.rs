//! Whose pictures are embedded next: users take turns, however many pictures each has sent and in how many jobs.

use dto::{ProjectId, UserId};
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
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
    /// Who waits, each with a project, where a job names one of `owner`'s: those first whose turn is the longest ago.
    pub async fn order(
        &self,
        store: &Store,
        (owner, named): (UserId, ProjectId),
        (weights, preprocessing): (&str, &str),
    ) -> Result<Vec<(UserId, ProjectId)>, StoreError> {
        if self.state(|state| state.look_again.is_none_or(|time| time <= Instant::now())) {
            let start = Instant::now();
            let waiting = store.waiting_users(weights, preprocessing).await?;
            let pause = PAUSE.max(start.elapsed() * SHARE);
            self.state(|state| {
                state.served.retain(|user, _| *user == owner || waiting.contains_key(user));
                (state.waiting, state.look_again) = (waiting, Some(Instant::now() + pause));
            });
        }
        Ok(self.state(|state| state.order(owner, named)))
    }

    /// These users have their turn now.
    pub fn serve(&self, users: impl Iterator<Item = UserId>) {
        self.state(|state| state.serve(users));
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
    fn order(&self, owner: UserId, named: ProjectId) -> Vec<(UserId, ProjectId)> {
        let others = self.waiting.iter().filter(|(user, _)| **user != owner).map(|(user, project)| (*user, *project));
        let mut order: Vec<_> = others.chain([(owner, named)]).collect();
        order.sort_by_key(|(user, _)| (self.served.get(user).copied().unwrap_or(0), *user != owner, *user));
        order
    }

    fn serve(&mut self, users: impl Iterator<Item = UserId>) {
        for user in users {
            self.turn += 1;
            self.served.insert(user, self.turn);
        }
    }
}

/// Deals out `room` places: to each hand in turn up to `share` of what it holds, again and again. What several hold counts
/// for the first of them. Says of each hand what it may play.
pub(super) fn deal<T: Copy + Eq + Hash>(hands: &[Vec<T>], share: usize, room: usize) -> Vec<Vec<T>> {
    let mut dealt = vec![Vec::new(); hands.len()];
    let (mut left, mut seen) = (room, HashSet::new());
    let longest = hands.iter().map(Vec::len).max().unwrap_or(0);
    for round in 0..longest.div_ceil(share) {
        for (hand, dealt) in hands.iter().zip(&mut dealt) {
            let new: Vec<T> = hand
                .iter()
                .skip(round * share)
                .take(share)
                .copied()
                .filter(|one| seen.insert(*one))
                .take(left)
                .collect();
            left -= new.len();
            dealt.extend(new);
        }
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn users_take_turns() {
        let new = || (UserId(Uuid::now_v7()), ProjectId(Uuid::now_v7()));
        let [ann, bob, cem] = [new(), new(), new()];
        let mut state = State { waiting: [ann, bob, cem].into(), ..State::default() };
        // All jobs are Ann's, and yet the others come as often.
        let mut next = || {
            let first = state.order(ann.0, ann.1)[0];
            state.serve([first.0].into_iter());
            first
        };
        let order: Vec<_> = (0..6).map(|_| next()).collect();
        assert_eq!(order, [ann, bob, cem, ann, bob, cem]);
        // Who is new comes first.
        let dan = new();
        state.waiting.insert(dan.0, dan.1);
        assert_eq!(state.order(ann.0, ann.1), [dan, ann, bob, cem]);
        state.waiting.clear();
        assert_eq!(state.order(ann.0, ann.1), [ann]);
    }

    #[test]
    fn nobody_fills_the_room_while_others_wait() {
        let hands = [(0..100).collect::<Vec<u32>>(), (200..203).collect(), (300..320).collect()];
        let counts = |room| deal(&hands, 16, room).iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(counts(64), [41, 3, 20]);
        assert_eq!(counts(30), [16, 3, 11]);
        assert_eq!(counts(8), [8, 0, 0]);
        assert_eq!(counts(1000), [100, 3, 20]);
        assert_eq!(deal(&[vec![1, 2], vec![2, 3]], 16, 64), [vec![1, 2], vec![3]]);
        assert!(deal::<u32>(&[], 16, 64).is_empty());
    }
}
