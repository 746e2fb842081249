//! Building the page: the Rust in `frontend/` becomes what a browser loads, in `dist/`.

mod compress;
mod stamp;

use crate::{
    process,
    setup::{cache::Cache, tools, wasm_std},
    stages::Outcome,
    workspace,
};
use anyhow::{Context, Result};
use stamp::Stamp;
use std::{env, fs, process::Command};

/// Builds the page.
pub fn build() -> Result<()> {
    crate::stages::Stages::new(1).stage("The page", ABOUT, build_if_changed)
}

pub const ABOUT: &str = "building it for the browser into dist/, and compressing it";

/// Builds the page, unless nothing that it is made of has changed since it was built last.
pub fn build_if_changed() -> Result<Outcome> {
    // Two at once must not write to dist/ together.
    let target = workspace::target_dir().join("web");
    fs::create_dir_all(&target).with_context(|| format!("cannot make {}", target.display()))?;
    let lock = fs::File::create(target.join(".pupil-lock"))?;
    lock.lock()?;

    let cache = Cache::open()?;
    let environment = wasm_std::environment()?;
    let stamp = Stamp::of_sources(&environment)?;
    if stamp.is_on(&workspace::dist()) {
        return Ok(Outcome::AlreadyThere);
    }
    let tools = tools::all()?;
    let folders = tools.iter().map(|tool| {
        tool.folder(&cache).with_context(|| format!("{} is missing: run `cargo xtask setup`", tool.package))
    });
    let folders = folders.collect::<Result<Vec<_>>>()?;
    drop(cache);

    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(folders.into_iter().chain(env::split_paths(&path)))?;
    let mut trunk = Command::new("trunk");
    trunk.args(["build", "--release", "--cargo-profile", "wasm-release", "--offline", "--skip-version-check"]);
    // Subresource integrity guards against another server than the page's own, and there is none.
    trunk.args(["--no-sri", "true"]);
    trunk.current_dir(workspace::root()).env("PATH", path).envs(environment);
    // A folder of its own: another compiler, flags and profile must not undo the server's build, nor wait for it.
    trunk.env("CARGO_TARGET_DIR", &target);
    process::run(&mut trunk)?;

    compress::compress(&workspace::dist())?;
    stamp.put_on(&workspace::dist())?;
    Ok(Outcome::Done)
}
