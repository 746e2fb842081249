//! Knowing whether the built page is still that of the sources.

use crate::workspace;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{ffi::OsString, fs, path::Path};

/// Everything that the page is made of.
const SOURCES: [&str; 6] = [".cargo", "Cargo.lock", "Cargo.toml", "Trunk.toml", "crates/dto", "frontend"];
/// In the built folder itself, which Trunk replaces as a whole: a page that Trunk has built alone has no stamp.
const FILE: &str = ".stamp";

/// A hash of everything that the page is made of.
#[derive(Debug, PartialEq)]
pub struct Stamp(String);

impl Stamp {
    /// The stamp of the sources as they are, built in `environment`.
    pub fn of_sources(environment: &[(&str, OsString)]) -> Result<Self> {
        let mut hash = Sha256::new();
        for (name, value) in environment {
            part(&mut hash, name.as_bytes());
            part(&mut hash, value.as_encoded_bytes());
        }
        for source in SOURCES {
            add(&mut hash, &workspace::root().join(source))?;
        }
        Ok(Self(hex::encode(hash.finalize())))
    }

    /// Whether the page in `folder` was built from the same.
    pub fn is_on(&self, folder: &Path) -> bool {
        fs::read_to_string(folder.join(FILE)).is_ok_and(|text| text == self.0)
    }

    /// Marks the page in `folder` as built: the last thing to do.
    pub fn put_on(&self, folder: &Path) -> Result<()> {
        fs::write(folder.join(FILE), &self.0).with_context(|| format!("cannot write into {}", folder.display()))
    }
}

/// Adds names and contents, in the order of the names.
fn add(hash: &mut Sha256, path: &Path) -> Result<()> {
    let unreadable = || format!("cannot read {}", path.display());
    part(hash, path.as_os_str().as_encoded_bytes());
    if path.is_dir() {
        let entries = fs::read_dir(path).with_context(unreadable)?;
        let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
        paths.sort();
        paths.iter().try_for_each(|path| add(hash, path))
    } else {
        part(hash, &fs::read(path).with_context(unreadable)?);
        Ok(())
    }
}

/// Adds bytes with their length, so that two parts can't pass for two others.
fn part(hash: &mut Sha256, bytes: &[u8]) {
    hash.update((bytes.len() as u64).to_le_bytes());
    hash.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_shows() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let hash_now = || {
            let mut hash = Sha256::new();
            add(&mut hash, folder.path()).map(|()| hash.finalize())
        };
        fs::write(folder.path().join("a.rs"), "one")?;
        let before = hash_now()?;
        assert_eq!(hash_now()?, before);
        fs::write(folder.path().join("a.rs"), "two")?;
        assert_ne!(hash_now()?, before);
        fs::write(folder.path().join("a.rs"), "one")?;
        fs::write(folder.path().join("b.rs"), "")?;
        assert_ne!(hash_now()?, before);
        Ok(())
    }

    #[test]
    fn a_stamp_is_found_again() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let stamp = Stamp("5eed".into());
        assert!(!stamp.is_on(folder.path()));
        stamp.put_on(folder.path())?;
        assert!(stamp.is_on(folder.path()));
        assert!(!Stamp("other".into()).is_on(folder.path()));
        Ok(())
    }
}
