//! Whose run is next: users take turns, however many runs each has asked for.

use super::train::TrainJob;
use dto::{ModelId, UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Store, StoreError};

/// A job goes back to the end of its queue this often at most: that of the run whose turn it is may be lost.
const GIVEN_WAY: u32 = 32;
/// Whoever had their last turn before so many others is as new.
const REMEMBERED: u64 = 1_000;

/// The order of this process's worker. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct RunTurns(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The turn that each user had last.
    served: HashMap<UserId, u64>,
    turn: u64,
    /// How often the job of each run has let others go first.
    given_way: HashMap<ModelId, u32>,
}

impl RunTurns {
    /// Whether the job's run is to begin now; else it is to let others go first, at the end of the queue.
    pub async fn is_next(&self, store: &Store, job: &TrainJob) -> Result<bool, StoreError> {
        let queued = store.queued_models(job.mode).await?;
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).is_next(job.model, &queued))
    }
}

impl State {
    /// `queued` has all runs that have yet to begin.
    fn is_next(&mut self, model: ModelId, queued: &[(ModelId, UserId)]) -> bool {
        self.given_way.retain(|known, _| queued.iter().any(|(queued, _)| queued == known));
        // One that goes on after an interruption has had its turn.
        let Some((_, owner)) = queued.iter().find(|(queued, _)| *queued == model) else { return true };
        let last = |user: &UserId| self.served.get(user).copied().unwrap_or(0);
        let waits_longer = queued.iter().any(|(_, other)| last(other) < last(owner));
        let given_way = self.given_way.entry(model).or_default();
        if waits_longer && *given_way < GIVEN_WAY {
            *given_way += 1;
            return false;
        }
        self.given_way.remove(&model);
        self.turn += 1;
        self.served.insert(*owner, self.turn);
        self.served.retain(|_, last| self.turn - *last < REMEMBERED);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;
    use uuid::Uuid;

    /// Plays a queue to its end, and says whose runs began in which order.
    fn order(state: &mut State, runs: &[(ModelId, UserId)]) -> Vec<UserId> {
        let mut waiting = runs.to_vec();
        let mut queue: VecDeque<ModelId> = runs.iter().map(|(model, _)| *model).collect();
        let mut begun = Vec::new();
        while let Some(model) = queue.pop_front() {
            if state.is_next(model, &waiting) {
                let at = waiting.iter().position(|(waiting, _)| *waiting == model).expect("each begins once");
                begun.push(waiting.remove(at).1);
            } else {
                queue.push_back(model);
            }
        }
        begun
    }

    fn runs(owners: &[UserId]) -> Vec<(ModelId, UserId)> {
        owners.iter().map(|owner| (ModelId(Uuid::now_v7()), *owner)).collect()
    }

    #[test]
    fn users_take_turns() {
        let [ann, bob, cem] = [(); 3].map(|()| UserId(Uuid::now_v7()));
        let mut state = State::default();
        assert_eq!(order(&mut state, &runs(&[ann, ann, ann, ann])), [ann; 4]);
        assert_eq!(order(&mut state, &runs(&[ann, ann, ann, ann, bob, cem, bob])), [bob, cem, ann, bob, ann, ann, ann],);
        assert!(state.given_way.is_empty());
    }

    #[test]
    fn who_asks_for_one_after_another_does_not_always_come_first() {
        let [ann, bob] = [(); 2].map(|()| UserId(Uuid::now_v7()));
        let mut state = State::default();
        let anns = runs(&[ann, ann, ann]);
        let bobs = runs(&[bob, bob]);
        assert!(state.is_next(anns[0].0, &anns));
        assert!(!state.is_next(anns[1].0, &[anns[1], anns[2], bobs[0]]));
        assert!(state.is_next(bobs[0].0, &[anns[1], anns[2], bobs[0]]));
        assert!(!state.is_next(bobs[1].0, &[anns[1], anns[2], bobs[1]]));
        assert!(state.is_next(anns[2].0, &[anns[1], anns[2], bobs[1]]));
    }

    #[test]
    fn a_job_that_is_lost_holds_nobody_up() {
        let [ann, bob] = [(); 2].map(|()| UserId(Uuid::now_v7()));
        let mut state = State::default();
        let [first, second, lost] = runs(&[ann, ann, bob])[..] else { unreachable!("three are made") };
        assert!(state.is_next(first.0, &[first, second, lost]));
        let tries = (1..).find(|_| state.is_next(second.0, &[second, lost])).expect("it has its turn");
        assert_eq!(tries, GIVEN_WAY + 1);
        assert!(state.is_next(first.0, &[lost]), "it goes on after an interruption");
    }
}
