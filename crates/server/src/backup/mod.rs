//! `pupil backup` and `pupil restore`: everything that Pupil keeps, in one tar file.
//!
//! The rows come first (`rows/TABLE/NUMBER.jsonl`), as they were at one moment; then every file that they point at
//! (`blobs/KEY`), and the secret that log-ins are signed with, if it is kept in the data folder; last the manifest, with the
//! SHA-256 of everything before. The database that a backup is restored into need not be the kind that it came from.

mod archive;
mod manifest;
mod restore;
mod save;

pub use restore::restore;
pub use save::save;
