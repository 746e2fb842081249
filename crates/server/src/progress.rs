//! How far long work is, on standard error.

use std::time::{Duration, Instant};

/// How often it says so.
const EVERY: Duration = Duration::from_secs(5);

/// Says now and then how much of something is done.
pub(crate) struct Progress {
    what: &'static str,
    total: u64,
    pub done: u64,
    due: Instant,
}

impl Progress {
    pub fn new(what: &'static str, total: u64) -> Self {
        Self { what, total, done: 0, due: Instant::now() + EVERY }
    }

    pub fn step(&mut self) {
        self.done += 1;
        if Instant::now() >= self.due {
            self.due = Instant::now() + EVERY;
            // More may have come since they were counted.
            eprintln!("{}: {} of {}", self.what, self.done, self.total.max(self.done));
        }
    }
}
