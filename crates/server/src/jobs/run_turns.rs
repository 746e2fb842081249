//! Whose run is next: nobody has a turn after another while somebody waits who asked before the first one was over.

use super::train::TrainJob;
use dto::{ModelId, Timestamp, UserId, model::Mode};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{QueuedRun, Store, StoreError};

/// A job goes back to the end of its queue this often at most: that of the run whose turn it is may be lost.
const GIVEN_WAY: u32 = 32;

/// The order of this process's worker. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct RunTurns(Arc<Mutex<Queues>>);

/// Each kind of run has a queue of its own.
#[derive(Default)]
struct Queues {
    instant: State,
    fine_tune: State,
}

#[derive(Default)]
struct State {
    /// When the last turn of each user began or ended.
    last: HashMap<UserId, Timestamp>,
    /// How often the job of each run has let others go first.
    given_way: HashMap<ModelId, u32>,
}

impl RunTurns {
    /// Whether the job's run is to begin now; else it is to let others go first, at the end of the queue.
    pub async fn is_next(&self, store: &Store, job: &TrainJob) -> Result<bool, StoreError> {
        let queued = store.queued_models(job.mode).await?;
        Ok(self.state(job.mode, |state| state.is_next(job.model, &queued, store::now())))
    }

    /// A run of this user is over.
    pub fn is_over(&self, mode: Mode, user: UserId) {
        self.state(mode, |state| state.last.insert(user, store::now()));
    }

    fn state<T>(&self, mode: Mode, work: impl FnOnce(&mut State) -> T) -> T {
        let queues = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match mode {
            Mode::Instant => work(&mut queues.instant),
            Mode::FineTune => work(&mut queues.fine_tune),
        }
    }
}

impl State {
    /// `queued` has all runs that have yet to begin.
    fn is_next(&mut self, model: ModelId, queued: &[QueuedRun], now: Timestamp) -> bool {
        // Whose turn was before everything that waits comes before nobody on its account.
        let oldest = queued.iter().map(|run| run.since).min().unwrap_or(now);
        self.last.retain(|_, last| *last > oldest);
        self.given_way.retain(|known, _| queued.iter().any(|run| run.id == *known));
        // One that goes on after an interruption has had its turn.
        let Some(run) = queued.iter().find(|run| run.id == model) else { return true };
        let last = self.last.get(&run.owner).copied();
        let others = queued.iter().filter(|other| other.owner != run.owner);
        let has_waited = others.into_iter().any(|other| last.is_some_and(|last| other.since < last));
        let given_way = self.given_way.entry(model).or_default();
        if has_waited && *given_way < GIVEN_WAY {
            *given_way += 1;
            return false;
        }
        self.given_way.remove(&model);
        self.last.insert(run.owner, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;
    use uuid::Uuid;

    const fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn run(owner: UserId, since: i64) -> QueuedRun {
        QueuedRun { id: ModelId(Uuid::now_v7()), owner, since: at(since) }
    }

    fn users<const N: usize>() -> [UserId; N] {
        [(); N].map(|()| UserId(Uuid::now_v7()))
    }

    /// Plays a queue to its end, one run after another of ten milliseconds each, and says whose runs began in which order, and
    /// how often a job gave way.
    fn order(runs: &[QueuedRun]) -> (Vec<UserId>, usize) {
        let mut state = State::default();
        let mut queue: VecDeque<QueuedRun> = runs.iter().copied().collect();
        let (mut begun, mut gave_way, mut now) = (Vec::new(), 0, 0);
        while let Some(run) = queue.pop_front() {
            let waiting: Vec<_> = queue.iter().chain([&run]).filter(|run| run.since <= at(now)).copied().collect();
            if state.is_next(run.id, &waiting, at(now)) {
                now += 10;
                state.last.insert(run.owner, at(now));
                begun.push(run.owner);
            } else {
                gave_way += 1;
                queue.push_back(run);
            }
        }
        assert!(state.given_way.is_empty());
        (begun, gave_way)
    }

    #[test]
    fn who_has_many_runs_lets_others_go_between() {
        let [ann, bob, cem] = users();
        assert_eq!(order(&[0, 0, 0, 0].map(|since| run(ann, since))), (vec![ann; 4], 0));
        let mut runs = [0, 0, 0, 0].map(|since| run(ann, since)).to_vec();
        runs.extend([run(bob, 1), run(cem, 2), run(bob, 3)]);
        let (begun, _) = order(&runs);
        assert_eq!(begun[..3], [ann, bob, cem]);
        assert_eq!(begun.iter().filter(|user| **user == ann).count(), 4);
    }

    #[test]
    fn where_each_has_one_they_begin_as_they_came() {
        let many: [UserId; 50] = users();
        let runs: Vec<_> = many.iter().zip(0..).map(|(user, since)| run(*user, since)).collect();
        assert_eq!(order(&runs), (many.to_vec(), 0));
    }

    #[test]
    fn who_asks_for_one_after_another_does_not_always_come_first() {
        let [ann, bob] = users();
        let mut state = State::default();
        let anns = [run(ann, 0), run(ann, 0), run(ann, 0)];
        let bobs = [run(bob, 1), run(bob, 25)];
        assert!(state.is_next(anns[0].id, &anns, at(0)));
        state.last.insert(ann, at(10));
        assert!(!state.is_next(anns[1].id, &[anns[1], anns[2], bobs[0]], at(10)));
        assert!(state.is_next(bobs[0].id, &[anns[1], anns[2], bobs[0]], at(10)));
        state.last.insert(bob, at(20));
        assert!(!state.is_next(bobs[1].id, &[anns[1], anns[2], bobs[1]], at(25)), "Ann has waited");
        assert!(state.is_next(anns[2].id, &[anns[1], anns[2], bobs[1]], at(25)));
    }

    #[test]
    fn a_job_that_is_lost_holds_nobody_up() {
        let [ann, bob] = users();
        let mut state = State::default();
        let [first, second, lost] = [run(ann, 0), run(ann, 0), run(bob, 1)];
        assert!(state.is_next(first.id, &[first, second, lost], at(2)));
        state.last.insert(ann, at(10));
        let tries = (1..).find(|_| state.is_next(second.id, &[second, lost], at(10))).expect("it has its turn");
        assert_eq!(tries, GIVEN_WAY + 1);
        assert!(state.is_next(first.id, &[lost], at(11)), "it goes on after an interruption");
    }
}
