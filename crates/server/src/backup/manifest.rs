//! What a backup says of itself.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::ContentHash;

/// Its place in the archive: at the end, so that one without it is known to be cut short.
pub(super) const MANIFEST: &str = "manifest.json";
/// Where the secret that signs log-ins is.
pub(super) const SECRET: &str = "secret";
/// What it is a version of: of the archive, not of the tables.
pub(super) const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format: u32,
    pub software: String,
    pub created_at: dto::Timestamp,
    /// Which migration the tables were at.
    pub migration: i64,
    /// How many rows of each table there are.
    pub rows: BTreeMap<String, u64>,
    /// Contents and models that somebody deleted while the backup was made: their rows are not restored.
    pub gone: Gone,
    /// Contents whose original was missing or changed already: their images are restored as damaged.
    pub damaged: BTreeSet<String>,
    /// Models with a file that was missing or changed already: they are restored as failed. Earlier versions did not look.
    #[serde(default)]
    pub damaged_models: BTreeSet<String>,
    /// Everything in the archive before this.
    pub entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Gone {
    pub contents: BTreeSet<String>,
    pub models: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub bytes: u64,
    pub sha256: String,
}

/// Where a chunk of a table's rows is.
pub(super) fn rows_path(table: &str, chunk: u32) -> String {
    format!("rows/{table}/{chunk:06}.jsonl")
}

/// The table whose rows are at a path; `None` for everything else.
pub(super) fn table_of(path: &str) -> Option<&str> {
    path.strip_prefix("rows/")?.split_once('/').map(|(table, _)| table)
}

/// Where a blob is.
pub(super) fn blob_path(key: &str) -> String {
    format!("blobs/{key}")
}

/// The key of the blob that is at a path; `None` for everything else.
pub(super) fn key_of(path: &str) -> Option<&str> {
    path.strip_prefix("blobs/")
}

/// A content as the rows have it.
pub(super) fn content(hash: ContentHash) -> String {
    hash.to_string()
}
