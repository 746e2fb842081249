//! Writing and reading the tar file.

use super::manifest::{Entry, FORMAT, MANIFEST, Manifest, SECRET};
use anyhow::{Context, bail, ensure};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, ErrorKind, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// An archive that is being written, under another name until it is whole.
pub(super) struct Writer {
    tar: tar::Builder<BufWriter<File>>,
    path: PathBuf,
    part: PathBuf,
    pub entries: BTreeMap<String, Entry>,
}

impl Writer {
    /// # Errors
    /// If there is a file of this name already: an earlier backup is not overwritten.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        ensure!(!path.exists(), "there is a file {} already", path.display());
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        // It holds what log-ins are checked against.
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
        let file = file.with_context(|| format!("can't write {}", part.display()))?;
        let tar = tar::Builder::new(BufWriter::with_capacity(1 << 20, file));
        Ok(Self { tar, path: path.to_owned(), part, entries: BTreeMap::new() })
    }

    pub fn add(&mut self, path: String, bytes: &[u8]) -> anyhow::Result<()> {
        self.append(&path, bytes)?;
        let sha256 = hex::encode(Sha256::digest(bytes));
        self.entries.insert(path, Entry { bytes: bytes.len() as u64, sha256 });
        Ok(())
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(store::now().millis() / 1000).unwrap_or(0));
        let written = self.tar.append_data(&mut header, path, bytes);
        written.with_context(|| format!("can't write {}", self.part.display()))
    }

    /// Ends the archive and gives it its name. Once this returns it is on the disk to stay.
    pub fn finish(mut self, manifest: &Manifest) -> anyhow::Result<()> {
        self.append(MANIFEST, &serde_json::to_vec_pretty(manifest)?)?;
        let written = || -> std::io::Result<()> {
            let mut out = self.tar.into_inner()?;
            out.flush()?;
            out.get_ref().sync_all()?;
            fs::rename(&self.part, &self.path)?;
            let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        written().with_context(|| format!("can't write {}", self.path.display()))
    }

    /// Where it is until it is whole.
    pub fn part(&self) -> &Path {
        &self.part
    }
}

/// Reads an archive from its beginning, and hands over each entry.
fn read(path: &Path, mut entry: impl FnMut(&str, Vec<u8>) -> anyhow::Result<()>) -> anyhow::Result<()> {
    for item in open(path)?.entries()? {
        let (name, bytes) = whole(item).with_context(|| unreadable(path))?;
        entry(&name, bytes)?;
    }
    Ok(())
}

/// The archive, to go through entry by entry where each has to be waited for.
pub(super) fn open(path: &Path) -> anyhow::Result<tar::Archive<BufReader<File>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("there is no file {}", path.display()),
        Err(error) => return Err(error).with_context(|| format!("can't read {}", path.display())),
    };
    Ok(tar::Archive::new(BufReader::with_capacity(1 << 20, file)))
}

/// An entry's name and bytes.
pub(super) fn whole(item: std::io::Result<tar::Entry<'_, impl Read>>) -> std::io::Result<(String, Vec<u8>)> {
    let mut entry = item?;
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    if bytes.len() as u64 != entry.size() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok((name, bytes))
}

/// What is known of an archive that is whole.
pub(super) struct Whole {
    pub manifest: Manifest,
    /// What log-ins are signed with, if it is in the archive.
    pub secret: Option<Vec<u8>>,
}

/// Reads the whole archive and compares it with its manifest.
pub(super) fn verify(path: &Path) -> anyhow::Result<Whole> {
    let mut found = BTreeMap::new();
    let (mut manifest, mut secret) = (None, None);
    read(path, |name, bytes| {
        ensure!(manifest.is_none(), "{}: {name} comes after the manifest", unreadable(path));
        if name == MANIFEST {
            let read: Manifest = serde_json::from_slice(&bytes).with_context(|| unreadable(path))?;
            ensure!(
                read.format <= FORMAT,
                "the backup is of a newer version of Pupil ({}); restore it with that one",
                read.software
            );
            manifest = Some(read);
        } else {
            let sha256 = hex::encode(Sha256::digest(&bytes));
            found.insert(name.to_owned(), Entry { bytes: bytes.len() as u64, sha256 });
            if name == SECRET {
                secret = Some(bytes);
            }
        }
        Ok(())
    })?;
    let Some(manifest) = manifest else { bail!("{}: it ends before its manifest", unreadable(path)) };
    for (name, entry) in &manifest.entries {
        match found.remove(name) {
            None => bail!("the backup is damaged: {name} is missing"),
            Some(there) => ensure!(there == *entry, "the backup is damaged: {name} is not as it was written"),
        }
    }
    if let Some((name, _)) = found.pop_first() {
        bail!("the backup is damaged: its manifest does not name {name}");
    }
    Ok(Whole { manifest, secret })
}

fn unreadable(path: &Path) -> String {
    format!("{} is not a whole backup of Pupil's", path.display())
}
