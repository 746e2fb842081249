//! Many people at once, each doing what people do, for a while: how long it took, what went wrong, and whether anything
//! that was acknowledged is gone afterwards.

mod visitor;

use crate::Server;
use futures::future::join_all;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};
use visitor::Visitor;

/// How many people do something, for how long, and what each waits between two things.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub people: usize,
    pub lasts: Duration,
    /// On average: each pause is between nothing and twice this.
    pub pause: Duration,
}

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Looks at the first page of pictures.
    List,
    /// Gives a picture a label.
    Label,
    /// Sends two pictures that nobody has sent before.
    Upload,
    /// Asks the active model about a picture.
    Predict,
    /// Trains at once, and waits for the model.
    Train,
}

impl Action {
    pub const ALL: [Self; 5] = [Self::List, Self::Label, Self::Upload, Self::Predict, Self::Train];

    /// How often it is done, of a hundred things.
    pub const fn share(self) -> u32 {
        match self {
            Self::List => 40,
            Self::Label => 30,
            Self::Upload => 12,
            Self::Predict => 12,
            Self::Train => 6,
        }
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Seconds of everything that was answered with a success.
    pub seconds: BTreeMap<Action, Vec<f64>>,
    /// How often something was refused, by action and code.
    pub refused: BTreeMap<(Action, &'static str), u64>,
    /// Answers that are the server's fault: there should be none.
    pub failures: Vec<String>,
    /// What had been acknowledged and is not there, or is otherwise: there should be nothing.
    pub lost: Vec<String>,
    /// How long it took, setting up and checking not counted.
    pub lasted: Duration,
}

impl Outcome {
    fn take(&mut self, other: Self) {
        for (action, seconds) in other.seconds {
            self.seconds.entry(action).or_default().extend(seconds);
        }
        for (what, count) in other.refused {
            *self.refused.entry(what).or_default() += count;
        }
        self.failures.extend(other.failures);
        self.lost.extend(other.lost);
    }
}

/// Has the plan carried out, `during` going on meanwhile, and everything checked afterwards.
pub async fn run<T>(server: &Server, plan: Plan, during: impl Future<Output = T>) -> (Outcome, T) {
    let mut visitors = Vec::with_capacity(plan.people);
    for number in 0..plan.people {
        visitors.push(Visitor::arrive(server, number as u64).await);
    }
    let begun = Instant::now();
    let end = begun + plan.lasts;
    let busy = async {
        let busy = visitors.iter_mut().map(|visitor| visitor.stay_until(end, plan.pause));
        join_all(busy).await;
        begun.elapsed()
    };
    let (lasted, during) = futures::join!(busy, during);
    let mut outcome = Outcome { lasted, ..Outcome::default() };
    for visitor in visitors {
        outcome.take(visitor.leave().await);
    }
    (outcome, during)
}
