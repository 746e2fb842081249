//! The wire types of Pupil's REST API, shared by both ends.
//!
//! Every request, response, event and error that crosses HTTP is defined here once. The crate compiles to
//! `wasm32-unknown-unknown`, does no I/O and knows neither the server nor the browser. The feature `openapi` adds
//! schemas, from which the server writes `openapi.yaml`.

pub mod access;
pub mod auth;
pub mod card;
pub mod code;
pub mod evaluation;
pub mod health;
pub mod id;
pub mod image;
pub mod label;
pub mod likeness;
pub mod limits;
pub mod model;
pub mod page;
pub mod predict;
pub mod problem;
pub mod project;
pub mod result;
mod serde_help;
pub mod suggestion;
pub mod timestamp;
pub mod usage;

pub use code::ErrorCode;
pub use id::{ImageId, LabelId, ModelId, ProjectId, SessionId, TokenId, UserId};
pub use page::Page;
pub use problem::Problem;
pub use timestamp::Timestamp;
