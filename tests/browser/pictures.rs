//! What the person in the browser has on the disk: pictures of two kinds, photos where there are any.

use pupil_tests::{
    data,
    pictures::{Motif, jpeg},
};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const PER_KIND: usize = 12;

/// Pictures of one kind.
pub struct Kind {
    pub label: &'static str,
    pub files: Vec<PathBuf>,
    /// One that is never uploaded.
    pub unseen: PathBuf,
}

/// Two kinds of pictures.
pub struct Pictures {
    pub kinds: [Kind; 2],
    _drawn: Option<TempDir>,
}

impl Pictures {
    pub fn new() -> Self {
        match data::folder("dogs_vs_cats") {
            Some(photos) => {
                let kinds = ["cats", "dogs"].map(|label| photos_of(&photos, label));
                Self { kinds, _drawn: None }
            }
            None => {
                let folder = TempDir::new().expect("a temporary folder");
                let kinds = [Motif::Circles, Motif::Stripes].map(|motif| drawings_of(folder.path(), motif));
                Self { kinds, _drawn: Some(folder) }
            }
        }
    }
}

/// What a file is called.
pub fn name(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).expect("the pictures have plain names")
}

fn photos_of(photos: &Path, label: &'static str) -> Kind {
    let mut files = data::files_in(&photos.join("train").join(label));
    files.truncate(PER_KIND);
    let unseen = data::files_in(&photos.join("test").join(label)).swap_remove(0);
    Kind { label, files, unseen }
}

fn drawings_of(folder: &Path, motif: Motif) -> Kind {
    let mut files: Vec<PathBuf> = (0..=PER_KIND as u64)
        .map(|seed| {
            let path = folder.join(format!("{}-{seed}.jpg", motif.label()));
            fs::write(&path, jpeg(&motif.draw(seed))).expect("the folder can be written");
            path
        })
        .collect();
    let unseen = files.pop().expect("there is at least one");
    Kind { label: motif.label(), files, unseen }
}
