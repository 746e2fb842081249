//! Making a backup.

use super::{
    archive::Writer,
    manifest::{FORMAT, Gone, Manifest, SECRET, blob_path, content, rows_path},
};
use crate::{config::Settings, model_files::ModelFiles, progress::Progress};
use anyhow::Context;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::ErrorKind,
    path::Path,
};
use store::{ContentHash, FileOf, KeptFile, KeptModel, Row, Snapshot, Store, StoreError, TABLES};

/// Rows are written in pieces of about this size, of which one at a time is in memory.
const CHUNK_BYTES: usize = 8 << 20;

/// Saves everything in a file; a server may be running. Answers whether all was in order.
///
/// # Errors
/// What keeps it from being saved. There is no file then.
pub async fn save(settings: &Settings, path: &Path) -> anyhow::Result<bool> {
    let store = Store::open_existing(settings.store()).await?;
    let mut out = Writer::create(path)?;
    let part = out.part().to_owned();
    let saved = write(settings, &store, &mut out).await;
    let result = match saved {
        Ok(manifest) => out.finish(&manifest).map(|()| manifest),
        Err(error) => Err(error),
    };
    let manifest = match result {
        Ok(manifest) => manifest,
        Err(error) => {
            // What it could not write, it may not be able to remove.
            let _ = fs::remove_file(part);
            return Err(error);
        }
    };
    let count = |table| manifest.rows.get(table).copied().unwrap_or(0);
    println!(
        "Saved in {}: users: {}, pictures: {}, models: {}.",
        path.display(),
        count("users"),
        count("images"),
        count("models")
    );
    let is_clean = manifest.damaged.is_empty() && manifest.damaged_models.is_empty();
    if !is_clean {
        println!(
            "The backup is whole, but what it was made of is not: damaged pictures: {}, damaged models: {}. They will be \
             restored as damaged. `pupil check` says which.",
            manifest.damaged.len(),
            manifest.damaged_models.len()
        );
    }
    Ok(is_clean)
}

async fn write(settings: &Settings, store: &Store, out: &mut Writer) -> anyhow::Result<Manifest> {
    let mut snapshot = store.snapshot().await?;
    let migration = snapshot.migration().await?;
    let mut rows = BTreeMap::new();
    for table in TABLES {
        rows.insert((*table).to_owned(), write_rows(&mut snapshot, table, out).await?);
    }
    let (files, models) = (snapshot.files().await?, snapshot.models().await?);
    drop(snapshot);

    let mut gone = Gone::default();
    let (mut damaged, mut damaged_models) = (BTreeSet::new(), BTreeSet::new());
    let mut progress = Progress::new("files", (files.len() + models.len()) as u64);
    for file in &files {
        write_file(store, file, out, &mut gone, &mut damaged).await?;
        progress.step();
    }
    for model in &models {
        write_model(store, model, out, &mut gone, &mut damaged_models).await?;
        progress.step();
    }
    write_secret(settings, out)?;
    Ok(Manifest {
        format: FORMAT,
        software: concat!("pupil ", env!("CARGO_PKG_VERSION")).into(),
        created_at: store::now(),
        migration,
        rows,
        gone,
        damaged,
        damaged_models,
        entries: std::mem::take(&mut out.entries),
    })
}

/// Writes a table's rows, and answers how many they are.
async fn write_rows(snapshot: &mut Snapshot, table: &'static str, out: &mut Writer) -> anyhow::Result<u64> {
    let mut rows = snapshot.rows(table);
    let (mut lines, mut count, mut chunk) = (Vec::new(), 0, 0);
    while let Some(row) = rows.try_next().await? {
        let row: Row = row;
        serde_json::to_writer(&mut lines, &row)?;
        lines.push(b'\n');
        count += 1;
        if lines.len() >= CHUNK_BYTES {
            out.add(rows_path(table, chunk), &lines)?;
            chunk += 1;
            lines.clear();
        }
    }
    if !lines.is_empty() {
        out.add(rows_path(table, chunk), &lines)?;
    }
    Ok(count)
}

async fn write_file(
    store: &Store,
    file: &KeptFile,
    out: &mut Writer,
    gone: &mut Gone,
    damaged: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    match store.blobs().get(&file.key).await {
        Ok(bytes) => {
            if let FileOf::Original(hash) = file.of
                && hash != ContentHash::new(Sha256::digest(&bytes).into())
            {
                damaged.insert(content(hash));
                return Ok(());
            }
            out.add(blob_path(&file.key), &bytes)
        }
        Err(StoreError::NotFound(_)) => {
            let (FileOf::Original(hash) | FileOf::Thumbnail(hash)) = file.of else { return Ok(()) };
            if !file.required {
                return Ok(());
            }
            // Somebody may have deleted it since the snapshot.
            if store.content_use(hash).await?.is_none() {
                gone.contents.insert(content(hash));
            } else if file.of == FileOf::Original(hash) {
                damaged.insert(content(hash));
            }
            // A thumbnail can be made again.
            Ok(())
        }
        Err(error) => Err(error).with_context(|| format!("can't read {}", file.key)),
    }
}

/// Writes a model's files, but not the one that keeps it from predicting.
async fn write_model(
    store: &Store,
    model: &KeptModel,
    out: &mut Writer,
    gone: &mut Gone,
    damaged: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    let files = ModelFiles::read(store, model).await.with_context(|| format!("can't read {}", model.file_key))?;
    let fault = files.fault(model);
    if fault.is_some() {
        // Somebody may have deleted it since the snapshot.
        if !store.has_model(model.id).await? {
            gone.models.insert(model.id.to_string());
            return Ok(());
        }
        damaged.insert(model.id.to_string());
    }
    for (key, bytes) in files.into_files(model) {
        if fault.as_ref().is_none_or(|fault| fault.key != key) {
            out.add(blob_path(&key), &bytes)?;
        }
    }
    Ok(())
}

/// Without it nobody would stay logged in, and no token of a script would be good any more.
fn write_secret(settings: &Settings, out: &mut Writer) -> anyhow::Result<()> {
    if settings.secret.is_some() {
        return Ok(());
    }
    let path = settings.secret_file();
    match fs::read(&path) {
        Ok(secret) => out.add(SECRET.into(), &secret),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("can't read {}", path.display())),
    }
}
