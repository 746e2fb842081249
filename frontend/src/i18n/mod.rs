//! Everything that the page says, in one place. Pages ask for a meaning and get words, so another language is another
//! column in `words` and another arm in each function of `sentences`; nothing else changes.

mod camera;
mod sentences;
mod words;

pub use camera::*;
pub use sentences::*;
pub use words::*;
