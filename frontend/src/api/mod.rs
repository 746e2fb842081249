//! Every HTTP call of the page, and nothing else: one file per resource of the REST API, in the wire types of `dto`.

pub mod account;
pub mod auth;
pub mod client;
pub mod events;
pub mod health;
pub mod images;
pub mod labels;
pub mod predict;
pub mod projects;
pub mod train;
mod upload;

pub use client::{ApiError, ApiResult};
