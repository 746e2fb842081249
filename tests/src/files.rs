//! Files on their way to the server, and on the disk.

use reqwest::multipart::{Form, Part};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file that is about to be uploaded.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }

    /// The `file` part of a multipart body.
    pub fn part(&self) -> Part {
        Part::bytes(self.bytes.clone()).file_name(self.name.clone())
    }
}

/// A multipart body of `file` parts.
pub fn form(files: &[File]) -> Form {
    files.iter().fold(Form::new(), |form, file| form.part("file", file.part()))
}

/// All files of a folder and those in it.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("one's own folder").map(|entry| entry.expect("it can be read").path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
