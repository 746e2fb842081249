//! Python, which downloads: its package index is reachable nearly everywhere, through whatever proxy or mirror pip knows.

use crate::{
    process,
    setup::cache::{self, Cache},
    workspace,
};
use anyhow::{Context, Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// Ends well when the address given answers.
const ASK: &str = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5).close()";
/// A little more than [`ASK`] waits, for a name server that does not answer.
const ASK_LIMIT: Duration = Duration::from_secs(8);

/// An error that says how to get it when Python or its pip is missing.
pub fn check() -> Result<()> {
    let pip = process::output(Command::new("python3").args(["-m", "pip", "--version"]));
    process::check_interrupted()?;
    ensure!(
        pip.is_ok(),
        "Python's pip is missing: install Python 3 with pip (Debian: `apt-get install python3-pip`), then run this again"
    );
    Ok(())
}

/// Whether an address answers within a few seconds.
pub fn can_reach(url: &str) -> bool {
    process::succeeds(Command::new("python3").args(["-c", ASK, url]), ASK_LIMIT)
}

/// One of this crate's scripts, ready to take arguments.
pub fn script(name: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(scripts().join(name));
    command
}

/// Downloads the wheels of a requirements file of this crate, checked against the hashes in it, and hands them to `use_them`.
///
/// The wheels fit Linux on x86-64 and CPython 3.11 whatever Python is installed: nobody imports them, and hashes can
/// only be given for one build. They are kept until `use_them` has succeeded, so that an interruption costs no download.
pub fn with_wheels(cache: &Cache, requirements: &str, use_them: impl FnOnce(&[PathBuf]) -> Result<()>) -> Result<()> {
    let folder = cache.path("downloads").join(requirements);
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--no-deps", "--no-cache-dir", "--disable-pip-version-check"]);
    pip.args(["--only-binary=:all:", "--python-version=3.11", "--implementation=cp", "--abi=cp311"]);
    for platform in ["manylinux_2_28", "manylinux_2_25", "manylinux_2_17", "manylinux2014"] {
        pip.arg(format!("--platform={platform}_x86_64"));
    }
    pip.arg("--dest").arg(&folder).arg("--requirement").arg(scripts().join(requirements));
    // The system's own temporary folder may be a small one in memory.
    pip.env("TMPDIR", cache.scratch("pip")?);
    process::run(&mut pip).context("pip could not download")?;
    let wheels = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    use_them(&wheels)?;
    cache::remove(&folder)
}

/// Installs the packages that a requirements file of this crate lists, and no others, for this computer's Python into a
/// folder.
pub fn install(cache: &Cache, requirements: &str, folder: &Path) -> Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--no-deps", "--quiet", "--no-cache-dir", "--disable-pip-version-check"]);
    pip.arg("--target").arg(folder).arg("--requirement").arg(scripts().join(requirements));
    pip.env("TMPDIR", cache.scratch("pip")?);
    process::run(&mut pip).context("pip could not install")
}

fn scripts() -> PathBuf {
    workspace::root().join("crates/xtask/python")
}
