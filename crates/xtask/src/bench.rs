//! `cargo xtask bench`: Pupil and PyTorch on the same machine in the same minutes.

use crate::{
    process,
    setup::{self, cache::Cache, setup, weights},
    test::environment,
    workspace::{self, cargo},
};
use anyhow::{Context, Result, ensure};
use std::{ffi::OsString, fs, path::PathBuf, process::Command};

/// Sets up, builds and measures; `rows` names what, everything when it is empty.
pub fn bench(rows: &[String], peer: Option<PathBuf>) -> Result<()> {
    setup(false)?;
    let peer = peer_script(peer)?;
    let packages = peer.is_some().then(setup::peer).transpose()?;
    println!("Compiling the server and what measures it.");
    process::run(cargo("build").args(["--release", "--package", "server", "--package", "bench"]))?;

    let mut measure = Command::new(workspace::target_dir().join("release/bench"));
    measure.args(rows).envs(environment::of_tests()?).envs(weights_files()?);
    measure.arg("--page").arg(workspace::root().join("docs/benchmarks.md"));
    measure.arg("--results").arg(workspace::target_dir().join("bench/results.json"));
    match (peer, packages) {
        (Some(script), Some(packages)) => {
            measure.arg("--peer").arg(script).env("PYTHONPATH", packages);
        }
        _ => println!("PyTorch's side is not here (--peer): Pupil is measured alone."),
    }
    process::run(measure.current_dir(workspace::root()))
}

/// The script that was named, else the one that may lie beside the checkout.
fn peer_script(named: Option<PathBuf>) -> Result<Option<PathBuf>> {
    if let Some(named) = named {
        ensure!(named.is_file(), "{} is not there", named.display());
        return Ok(Some(fs::canonicalize(&named).with_context(|| format!("cannot find {}", named.display()))?));
    }
    let beside = workspace::root().with_file_name("shared").join("bench/pytorch_baseline.py");
    Ok(beside.is_file().then_some(beside))
}

/// By name, for the program that measures and the servers that it starts.
fn weights_files() -> Result<Vec<(&'static str, OsString)>> {
    let mut files: Vec<(&'static str, OsString)> =
        weights::files(&Cache::open()?).into_iter().map(|(variable, path)| (variable, path.into())).collect();
    // Those for development, if there are no others.
    let development = environment::of_tests()?.into_iter().filter(|(name, _)| *name == weights::RESNET18_VARIABLE);
    files.extend(development);
    Ok(files)
}
