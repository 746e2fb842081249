//! Telling what is going on: numbered stages, each with its name, what it does and how long it took.

use anyhow::{Context, Result};
use std::{
    fmt::Display,
    time::{Duration, Instant},
};

/// How a stage ended.
pub enum Outcome {
    /// There was nothing to do.
    AlreadyThere,
    Done,
    /// It could not be done and the rest goes on without it: why, and what to do about it.
    LeftOut(String),
}

/// A run of numbered stages.
pub struct Stages {
    total: usize,
    began: Instant,
    finished: Vec<(String, Outcome, Duration)>,
    failed: Option<(String, Duration)>,
}

impl Stages {
    pub fn new(total: usize) -> Self {
        Self { total, began: Instant::now(), finished: Vec::new(), failed: None }
    }

    /// Does one stage. `about` says in a few words what it does; a failure carries the stage's name.
    pub fn stage(&mut self, name: &str, about: &str, work: impl FnOnce() -> Result<Outcome>) -> Result<()> {
        let number = self.finished.len() + 1;
        let began = Instant::now();
        println!("[{number}/{}] {name}: {about}", self.total);
        match work().with_context(|| format!("{name} did not succeed")) {
            Ok(outcome) => {
                self.finish(name, outcome, began.elapsed());
                Ok(())
            }
            Err(error) => {
                self.failed = Some((name.into(), began.elapsed()));
                Err(error)
            }
        }
    }

    /// Notes that a stage has nothing to do.
    pub fn already_there(&mut self, name: &str) {
        self.finish(name, Outcome::AlreadyThere, Duration::ZERO);
    }

    fn finish(&mut self, name: &str, outcome: Outcome, took: Duration) {
        let number = self.finished.len() + 1;
        let verdict = match &outcome {
            Outcome::AlreadyThere => "already there".into(),
            Outcome::Done => format!("done in {}", Readable(took)),
            Outcome::LeftOut(why) => format!("left out. {why}"),
        };
        println!("[{number}/{}] {name}: {verdict}", self.total);
        self.finished.push((name.into(), outcome, took));
    }

    /// How long all stages have taken so far.
    pub fn elapsed(&self) -> impl Display {
        Readable(self.began.elapsed())
    }

    /// Prints every stage that ran with its time, as a table.
    pub fn summarise(&self) {
        let line = |name: &str, took: &dyn Display| println!("  {name:<44} {:>16}", took.to_string());
        println!("\nWhat ran:");
        for (name, outcome, took) in &self.finished {
            match outcome {
                Outcome::AlreadyThere => line(name, &"already there"),
                Outcome::Done => line(name, &Readable(*took)),
                Outcome::LeftOut(_) => line(name, &"left out"),
            }
        }
        if let Some((name, took)) = &self.failed {
            line(name, &format_args!("failed, {}", Readable(*took)));
        }
        line("together", &Readable(self.began.elapsed()));
    }
}

/// A duration for people: `0.4 s`, `41 s`, `3 min 05 s`.
struct Readable(Duration);

impl Display for Readable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            0..10 => write!(f, "{:.1} s", self.0.as_secs_f64()),
            10..60 => write!(f, "{seconds} s"),
            _ => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

    #[test]
    fn durations_read_well() {
        let readable = |milliseconds| Readable(Duration::from_millis(milliseconds)).to_string();
        assert_eq!(readable(440), "0.4 s");
        assert_eq!(readable(41_900), "41 s");
        assert_eq!(readable(185_000), "3 min 05 s");
    }

    #[test]
    fn a_failure_names_its_stage() {
        let error = Stages::new(1).stage("weights", "downloading", || bail!("no route")).expect_err("it fails");
        assert_eq!(format!("{error:#}"), "weights did not succeed: no route");
    }
}
