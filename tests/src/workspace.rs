//! Where things are: the program under test, the web page, and a folder for what a run leaves behind.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process,
    sync::LazyLock,
};

/// Bytes over the wire, with everything that the page needs to start: half a second on a line of 10 Mbit/s. All pages are
/// one module, which grows with every view, and differs by some percent from compiler to compiler.
pub const FIRST_LOAD_BYTES: u64 = 600_000;

/// The workspace's root folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is a folder of the workspace")
}

/// The program under test: `PUPIL_BIN`, else the one that was built with this test's profile.
///
/// # Panics
/// When there is none; the message says how to build it.
pub fn program() -> PathBuf {
    let path = env::var_os("PUPIL_BIN").map_or_else(|| profile_folder().join("pupil"), PathBuf::from);
    assert!(
        path.is_file(),
        "there is no {}: build it with `cargo build{}` first, or name one in PUPIL_BIN",
        path.display(),
        if cfg!(debug_assertions) { "" } else { " --release" },
    );
    path
}

/// The built web page: `PUPIL_WEB_DIR`, else `dist` in the workspace.
pub fn web_folder() -> PathBuf {
    env::var_os("PUPIL_WEB_DIR").map_or_else(|| root().join("dist"), PathBuf::from)
}

/// A folder of this run's own, for logs, data folders and screenshots. It stays there for a look afterwards, until
/// another run finds that this one is over.
pub fn run_folder() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let runs = profile_folder().join("pupil-tests");
        remove_finished_runs(&runs);
        let folder = runs.join(process::id().to_string());
        fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("can't make {}: {e}", folder.display()));
        folder
    });
    &FOLDER
}

/// `target/debug` or `target/release`, above the test executable's own `deps`.
fn profile_folder() -> PathBuf {
    let executable = env::current_exe().expect("a running process has an executable");
    executable.ancestors().nth(2).expect("cargo puts tests into target/PROFILE/deps").to_path_buf()
}

/// A run's folder is named after its process.
fn remove_finished_runs(runs: &Path) {
    let Ok(entries) = fs::read_dir(runs) else { return };
    for entry in entries.flatten() {
        if !Path::new("/proc").join(entry.file_name()).exists() {
            // Another run may be removing it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
