//! Restoring a backup.

use super::{
    archive::{self, Whole},
    manifest::{Manifest, blob_path, key_of, table_of},
};
use crate::{auth, config::Settings, model_files, progress::Progress};
use anyhow::{Context, ensure};
use dto::model::Status;
use futures::TryStreamExt;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};
use store::{Row, Store, TABLES};

/// Restores a backup into an empty database and store: all of its rows, or none.
///
/// # Errors
/// A file that is not a whole backup, a database or a store with something else in it, another secret, or whatever can't be
/// written.
pub async fn restore(settings: &Settings, path: &Path) -> anyhow::Result<()> {
    eprintln!("Reading {} to see whether it is whole.", path.display());
    let Whole { manifest, secret } = archive::verify(path)?;
    let store = Store::open(settings.store()).await?;
    // Before anything is written, and held until the end.
    drop(store.fill(manifest.migration).await?);
    ensure_nothing_else(&store, &manifest).await?;

    // The rows come last: once they are there, nothing more is restored.
    if let Some(secret) = secret.filter(|_| settings.secret.is_none()) {
        auth::restore_secret(&settings.data_dir, &settings.secret_file(), secret)?;
    }
    write_files(&store, &manifest, path).await?;
    write_rows(&store, &manifest, path).await?;
    let count = |table| manifest.rows.get(table).copied().unwrap_or(0);
    println!(
        "Restored from {}: users: {}, pictures: {}, models: {}.",
        path.display(),
        count("users"),
        count("images"),
        count("models")
    );
    Ok(())
}

/// What an earlier attempt at the same backup has left is overwritten; anything else is somebody's.
async fn ensure_nothing_else(store: &Store, manifest: &Manifest) -> anyhow::Result<()> {
    for folder in ["originals", "models"] {
        let mut there = store.blobs().list(folder);
        while let Some(blob) = there.try_next().await? {
            ensure!(
                manifest.entries.contains_key(&blob_path(&blob.key)),
                "the store is not empty: there is {} in it, which is not in the backup",
                blob.key
            );
        }
    }
    Ok(())
}

async fn write_files(store: &Store, manifest: &Manifest, path: &Path) -> anyhow::Result<()> {
    let mut progress =
        Progress::new("files", manifest.entries.keys().filter(|name| key_of(name).is_some()).count() as u64);
    let mut archive = archive::open(path)?;
    for item in archive.entries()? {
        let (name, bytes) = archive::whole(item)?;
        let Some(key) = key_of(&name) else { continue };
        store.blobs().put(key, bytes.into()).await?;
        progress.step();
    }
    Ok(())
}

async fn write_rows(store: &Store, manifest: &Manifest, path: &Path) -> anyhow::Result<()> {
    let damaged = serde_json::to_string(&model_files::damaged())?;
    let mut filling = store.fill(manifest.migration).await?;
    let mut counts: BTreeMap<String, u64> = TABLES.iter().map(|table| ((*table).to_owned(), 0)).collect();
    let mut archive = archive::open(path)?;
    for item in archive.entries()? {
        let (name, bytes) = archive::whole(item)?;
        let Some(table) = table_of(&name) else { continue };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let rows: Vec<Row> =
            lines.map(serde_json::from_slice).collect::<Result<_, _>>().with_context(|| name.clone())?;
        *counts.entry(table.to_owned()).or_default() += rows.len() as u64;
        let rows: Vec<Row> = rows.into_iter().filter_map(|row| as_restored(table, row, manifest, &damaged)).collect();
        filling.insert(table, &rows).await.with_context(|| name.clone())?;
    }
    for (table, expected) in &manifest.rows {
        let there = counts.get(table).copied().unwrap_or(0);
        ensure!(there == *expected, "the backup is damaged: {there} rows of {table} instead of {expected}");
    }
    // A sweeper of a server that runs already may have taken what had no row yet.
    for key in manifest.entries.keys().filter_map(|name| key_of(name)) {
        ensure!(store.blobs().exists(key).await?, "{key} has vanished while it was restored; stop Pupil and try again");
    }
    Ok(filling.commit().await?)
}

/// A row as it is to be now: none if what it is of was deleted while the backup was made.
/// `damaged` is the problem of a model whose file was not as it was written.
fn as_restored(table: &str, mut row: Row, manifest: &Manifest, damaged: &str) -> Option<Row> {
    let is_in = |column: &str, among: &BTreeSet<String>| {
        row.get(column).and_then(Value::as_str).is_some_and(|value| among.contains(value))
    };
    let gone = match table {
        "images" => is_in("content_hash", &manifest.gone.contents),
        "models" => is_in("id", &manifest.gone.models),
        "model_labels" | "epochs" | "results" => is_in("model_id", &manifest.gone.models),
        _ => false,
    };
    if gone {
        return None;
    }
    match table {
        "images" if is_in("content_hash", &manifest.damaged) => {
            row.insert("damaged_at".into(), manifest.created_at.millis().into());
        }
        "models" if is_in("id", &manifest.damaged_models) => {
            row.insert("status".into(), Status::Failed.as_str().into());
            row.insert("problem".into(), damaged.into());
        }
        _ => {}
    }
    Some(row)
}
