//! All rows as they were at one moment, and putting them back: whatever the database, in the same form.
//!
//! A row is a JSON object of its columns. Text and integers are themselves; a double is `{"double": "0.25"}`, so that not a
//! bit of it is lost, and bytes are `{"bytes": "00ff"}`.

mod files;
mod fill;
mod row;
mod snapshot;
#[cfg(test)]
mod tests;

pub use files::{FileOf, KeptFile};
pub use fill::Filling;
pub use row::Row;
pub use snapshot::Snapshot;

/// The tables with rows to keep, each after those that it refers to.
pub const TABLES: &[&str] = &[
    "users",
    "sessions",
    "projects",
    "access_tokens",
    "labels",
    "images",
    "embeddings",
    "models",
    "model_labels",
    "epochs",
    "results",
];

/// Tables whose rows are of no use elsewhere: what the sweeper is about to remove, and what sqlx has migrated.
#[cfg(test)]
const NOT_KEPT: &[&str] = &["doomed_blobs", "_sqlx_migrations"];
