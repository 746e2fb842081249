//! One comparison: what was measured of Pupil and of PyTorch, and whether the goal is reached.

use crate::report::Table;

/// The heads of a table of lines.
const HEADS: [&str; 6] = ["what", "Pupil", "PyTorch", "ratio", "goal", "reached"];
const NOT_RUN: &str = "not run";

/// A line of a table.
pub struct Line([String; 6]);

impl Line {
    /// Something that has no counterpart and no goal.
    pub fn new(what: impl Into<String>, pupil: impl Into<String>) -> Self {
        let mut cells: [String; 6] = Default::default();
        cells[0] = what.into();
        cells[1] = pupil.into();
        Self(cells)
    }

    /// Beside PyTorch, which has taken `theirs` where Pupil has taken `ours`: at least `goal` times as long.
    pub fn beside(mut self, ours: f64, theirs: Option<f64>, unit: Unit, goal: Option<f64>) -> Self {
        self.0[2] = theirs.map_or(NOT_RUN.into(), |theirs| unit.of(theirs));
        self.0[3] = theirs.map_or(String::new(), |theirs| format!("{:.1} ×", theirs / ours));
        if let Some(goal) = goal {
            self.0[4] = format!("≥ {goal} ×");
            self.0[5] = theirs.map_or(String::new(), |theirs| word(theirs / ours >= goal));
        }
        self
    }

    /// A goal that has nothing to do with PyTorch.
    pub fn goal(mut self, goal: impl Into<String>, reached: bool) -> Self {
        self.0[4] = goal.into();
        self.0[5] = word(reached);
        self
    }

    /// A ratio to something else than PyTorch.
    pub fn ratio(mut self, ratio: impl Into<String>) -> Self {
        self.0[3] = ratio.into();
        self
    }
}

fn word(reached: bool) -> String {
    if reached { "yes" } else { "**no**" }.into()
}

/// How a time is written.
#[derive(Clone, Copy)]
pub enum Unit {
    Seconds,
    Milliseconds,
}

impl Unit {
    pub fn of(self, seconds: f64) -> String {
        match self {
            Self::Seconds if seconds < 10.0 => format!("{seconds:.2} s"),
            Self::Seconds => format!("{seconds:.1} s"),
            Self::Milliseconds => milliseconds(seconds),
        }
    }
}

pub fn milliseconds(seconds: f64) -> String {
    format!("{:.1} ms", seconds * 1000.0)
}

pub fn table(lines: Vec<Line>) -> Table {
    let rows = lines.into_iter().map(|line| line.0.to_vec()).collect();
    Table { heads: HEADS.map(str::to_owned).to_vec(), rows }
}
