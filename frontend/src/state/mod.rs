//! What several parts of a project's pages share.

pub mod batch;
pub mod gallery;
pub mod run;
pub mod selection;
pub mod uploads;
pub mod workspace;
