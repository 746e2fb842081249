//! Everything that the page says, in one place. Pages ask for a meaning and get words, so another language is another
//! column in `words` and another arm in each function of `sentences`; nothing else changes.

mod access;
mod account;
mod camera;
mod evaluation;
mod label;
mod likeness;
mod predict;
mod projects;
mod sentences;
mod suggestions;
mod train;
mod trouble;
mod usage;
mod words;

pub use access::*;
pub use account::*;
pub use camera::*;
pub use evaluation::*;
pub use label::*;
pub use likeness::*;
pub use predict::*;
pub use projects::*;
pub use sentences::*;
pub use suggestions::*;
pub use train::*;
pub use trouble::*;
pub use usage::*;
pub use words::*;
