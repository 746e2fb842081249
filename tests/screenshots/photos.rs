//! What is on the pictures: somebody's photos, else drawn leaves.

use pupil_tests::{data, files::File, leaves::Tree, pictures::jpeg, workspace};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// More would make the pictures no better.
const LABELS: usize = 5;
const PER_LABEL: usize = 24;
/// Per label, never uploaded.
const UNSEEN: usize = 4;

pub struct Photos {
    pub labels: Vec<Kind>,
}

/// Photos of one label.
pub struct Kind {
    pub name: String,
    pub files: Vec<PathBuf>,
    pub unseen: Vec<PathBuf>,
}

impl Photos {
    /// Of a folder with `train/LABEL/*`, else drawn.
    pub fn find(folder: Option<PathBuf>, drawn: bool) -> Self {
        let labels = match folder.filter(|_| !drawn) {
            Some(folder) => labels_in(&folder.join("train")),
            None => Tree::ALL.into_iter().map(leaves).collect(),
        };
        assert!(labels.len() >= 2, "there are no photos of at least two labels");
        Self { labels }
    }

    pub fn all(&self) -> Vec<PathBuf> {
        self.labels.iter().flat_map(|kind| kind.files.clone()).collect()
    }

    /// Those that are never uploaded, with the labels taking turns.
    pub fn unseen(&self) -> Vec<PathBuf> {
        let turn = |turn: usize| self.labels.iter().filter_map(move |kind| kind.unseen.get(turn).cloned());
        (0..UNSEEN).flat_map(turn).collect()
    }
}

impl Kind {
    fn new(name: String, mut files: Vec<PathBuf>) -> Self {
        files.truncate(PER_LABEL + UNSEEN);
        let unseen = files.split_off(files.len().saturating_sub(UNSEEN).max(1));
        Self { name, files, unseen }
    }

    /// Ready to be sent.
    pub fn files(&self, count: usize) -> Vec<File> {
        self.files.iter().take(count).map(|path| data::read(path)).collect()
    }
}

fn labels_in(train: &Path) -> Vec<Kind> {
    let entries = fs::read_dir(train).unwrap_or_else(|e| panic!("can't read {}: {e}", train.display()));
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders.truncate(LABELS);
    let name = |folder: &Path| folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    folders.iter().map(|folder| Kind::new(name(folder), data::files_in(folder))).collect()
}

fn leaves(tree: Tree) -> Kind {
    let folder = workspace::run_folder().join("leaves").join(tree.name());
    fs::create_dir_all(&folder).expect("the run's folder can be written");
    let draw = |seed: usize| {
        let path = folder.join(format!("{}-{seed}.jpg", tree.name()));
        fs::write(&path, jpeg(&tree.draw(seed as u64))).expect("the run's folder can be written");
        path
    };
    Kind::new(tree.name().into(), (0..PER_LABEL + UNSEEN).map(draw).collect())
}
