//! Every HTTP call of the page, and nothing else: one file per resource of the REST API, in the wire types of `dto`.

pub mod access;
pub mod account;
pub mod auth;
pub mod client;
pub mod evaluation;
pub mod events;
pub mod health;
pub mod heat;
pub mod images;
pub mod labels;
pub mod likeness;
pub mod predict;
pub mod projects;
pub mod suggestions;
pub mod train;
mod upload;
pub mod usage;

pub use client::{ApiError, ApiResult};
