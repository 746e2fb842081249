//! How good a model is, in numbers that can be believed.

mod difference;
mod scores;
mod wilson;

pub use difference::sign_test;
pub use scores::{Judged, LabelScores, Scores};
pub use wilson::wilson;
