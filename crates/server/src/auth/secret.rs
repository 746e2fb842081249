//! The secrets that sign tokens: the newest signs, the older ones still verify what they have signed.

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

/// One secret or more, the one that signs first.
pub(super) struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    /// # Errors
    /// If there is none, or one is too short.
    pub fn of(secrets: Vec<Vec<u8>>) -> anyhow::Result<Self> {
        if secrets.is_empty() {
            bail!("there is no secret that signs log-ins (PUPIL_SECRET, or the file `secret` in the data folder)");
        }
        for (i, secret) in secrets.iter().enumerate() {
            if secret.len() < MIN_BYTES {
                bail!(
                    "secret {} of those that sign log-ins (PUPIL_SECRET) has {} bytes; each needs {MIN_BYTES} or more, \
                     and spaces and commas separate them",
                    i + 1,
                    secret.len()
                );
            }
        }
        Ok(Self(secrets))
    }

    /// From the settings; else from `secret` in the data folder, made when missing.
    pub fn load(settings: &Settings) -> anyhow::Result<Self> {
        let text = match &settings.secret {
            Some(secret) => secret.clone(),
            None => load_or_make(&settings.data_dir, &settings.secret_file())?,
        };
        Self::of(split(&text).map(|secret| secret.as_bytes().to_vec()).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.0.iter()
    }
}

/// Puts a new secret before those of the file, and returns how many there are now.
pub fn rotate(data_dir: &Path, file: &Path) -> anyhow::Result<usize> {
    let old = load_or_make(data_dir, file)?;
    let secrets = format!("{}\n{}\n", random()?, old.trim());
    write_whole(data_dir, &secrets, |draft| fs::rename(draft, file))
        .with_context(|| format!("can't write {}", file.display()))?;
    Ok(secrets.split_whitespace().count())
}

/// Puts the secrets of a backup into the file. One that holds them already stays as it is.
///
/// # Errors
/// If the file holds others: nobody whose log-in one of the backup's has signed would stay logged in.
pub fn restore(data_dir: &Path, file: &Path, secrets: Vec<u8>) -> anyhow::Result<()> {
    let secrets = String::from_utf8(secrets).context("the secret in the backup is no text")?;
    let there = load_or_put(data_dir, file, || Ok(secrets.clone()))?;
    if split(&secrets).all(|secret| split(&there).any(|known| known == secret)) {
        return Ok(());
    }
    bail!(
        "{} holds another secret than the backup, with which nobody would stay logged in: move it away, or set \
         PUPIL_SECRET to what is to sign log-ins, and give the same command again",
        file.display()
    )
}

/// The secrets of a text.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || c == ',').filter(|secret| !secret.is_empty())
}

fn load_or_make(data_dir: &Path, file: &Path) -> anyhow::Result<String> {
    load_or_put(data_dir, file, random)
}

/// What is in the file, in which a text is put if there is none yet.
fn load_or_put(data_dir: &Path, file: &Path, text: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<String> {
    match fs::read_to_string(file) {
        Ok(secret) => return Ok(secret),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| format!("can't read {}", file.display())),
    }
    let secret = text()?;
    // Linked, not renamed: of two processes that start at once one wins, and both read the same secret.
    let link = |draft: &Path| match fs::hard_link(draft, file) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => fs::remove_file(draft),
    };
    write_whole(data_dir, &secret, link).with_context(|| format!("can't write {}", file.display()))?;
    fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))
}

fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no random numbers: {error}"))?;
    Ok(hex::encode(bytes))
}

/// Writes a file for its owner's eyes under another name, and then puts it in its place.
fn write_whole(folder: &Path, text: &str, place: impl FnOnce(&Path) -> std::io::Result<()>) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let draft = folder.join(format!("secret.{}", std::process::id()));
    let mut out = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    place(&draft)?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_short_is_refused_wherever_it_stands() {
        assert!(Secrets::of(Vec::new()).is_err());
        assert!(Secrets::of(vec![vec![7; 32]]).is_ok());
        assert!(Secrets::of(vec![vec![7; 32], vec![7; 31]]).is_err());
    }

    #[test]
    fn the_secrets_of_a_backup_never_replace_others() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("secret");
        let restore = |secrets: &str| super::restore(folder.path(), &file, secrets.into());
        restore("old\n")?;
        assert_eq!(fs::read_to_string(&file)?, "old\n");
        restore("old\n")?;
        // One that came before has been rotated since.
        fs::write(&file, "new\nold\n")?;
        restore("old\n")?;
        assert!(restore("older\nold\n").is_err());
        assert_eq!(fs::read_to_string(&file)?, "new\nold\n");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1, "no draft is left");
        Ok(())
    }
}
