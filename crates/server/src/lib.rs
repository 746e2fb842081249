//! Pupil's server: REST API, web page and training jobs.
//!
//! `http` is the only module that names actix-web; `jobs` never imports it. Both stand on `store` (rows and blobs)
//! and `vision` (pixels to knowledge), and meet in [`app::App`].

pub mod app;
pub mod auth;
pub mod backup;
pub mod check;
mod classifiers;
pub mod config;
mod drafts;
mod evaluation;
pub mod http;
pub mod ingest;
pub mod jobs;
mod last_use;
mod likeness;
pub mod memory;
mod metadata;
pub mod metrics;
mod model_files;
mod open_files;
pub mod operator;
pub mod predict;
mod progress;
mod recent_crops;
mod suggestions;
pub mod telemetry;
pub mod tls;
