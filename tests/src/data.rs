//! Photos of others that are not part of the project: tests that need them skip where they are not.

use crate::{files::File, notice::notice, workspace};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A folder of the test photos: of `PUPIL_TEST_DATA`, else of `shared/data` beside the workspace. Says so where it is
/// absent.
pub fn folder(name: &str) -> Option<PathBuf> {
    let photos = env::var_os("PUPIL_TEST_DATA").map_or_else(beside_the_workspace, PathBuf::from);
    let folder = photos.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    notice(&format!("skipped: there are no photos in {} (PUPIL_TEST_DATA)", folder.display()));
    None
}

/// A folder's files, in order of their names.
pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("can't read {}: {e}", folder.display()));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// A file ready to be sent.
pub fn read(path: &Path) -> File {
    let name = path.file_name().expect("a file has a name").to_string_lossy();
    File::new(name, fs::read(path).unwrap_or_else(|e| panic!("can't read {}: {e}", path.display())))
}

fn beside_the_workspace() -> PathBuf {
    workspace::root().parent().unwrap_or(workspace::root()).join("shared/data")
}
