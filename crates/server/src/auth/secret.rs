//! The secret that signs tokens.

use crate::config::Settings;
use anyhow::{Context, bail};
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// An HMAC-SHA-256 key shorter than its output would be the weakest part.
const MIN_BYTES: usize = 32;

/// From the settings; else from `secret` in the data folder, made when missing.
pub(super) fn load(settings: &Settings) -> anyhow::Result<Vec<u8>> {
    let secret = match &settings.secret {
        Some(secret) => secret.clone().into_bytes(),
        None => load_or_make(&settings.data_dir, &settings.secret_file())?,
    };
    if secret.len() < MIN_BYTES {
        bail!("the secret that signs log-ins (PUPIL_SECRET) has {} bytes; it needs {MIN_BYTES} or more", secret.len());
    }
    Ok(secret)
}

fn load_or_make(data_dir: &Path, file: &Path) -> anyhow::Result<Vec<u8>> {
    match fs::read(file) {
        Ok(secret) => return Ok(secret),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("can't read {}", file.display())),
    }
    make(data_dir, file).with_context(|| format!("can't write {}", file.display()))
}

/// Written whole under another name and then linked, so that of two processes that start at once one wins and both
/// read the same secret.
fn make(data_dir: &Path, file: &Path) -> anyhow::Result<Vec<u8>> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    fs::create_dir_all(data_dir)?;
    let draft = data_dir.join(format!("secret.{}", std::process::id()));
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(hex::encode(bytes).as_bytes())?;
    out.sync_all()?;
    match fs::hard_link(&draft, file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
        _ => fs::remove_file(&draft)?,
    }
    fs::File::open(data_dir)?.sync_all()?;
    Ok(fs::read(file)?)
}
