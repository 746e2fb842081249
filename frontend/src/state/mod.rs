//! What several parts of a project's pages share.

pub mod backoff;
pub mod batch;
pub mod connection;
pub mod gallery;
pub mod gate;
pub mod models;
pub mod plan;
pub mod reading;
pub mod run;
pub mod selection;
pub mod uploads;
pub mod workspace;
