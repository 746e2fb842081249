//! A program that Cargo installs from source into the cache folder.

use crate::{
    process,
    setup::{Step, cache, cache::Cache},
    stages::Outcome,
    workspace,
};
use anyhow::Result;
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// A crate with a program in it, in one exact version.
pub struct CargoTool {
    pub package: &'static str,
    pub program: &'static str,
    pub version: String,
}

impl Step for CargoTool {
    fn name(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    fn about(&self) -> &str {
        "compiling it, which takes some minutes"
    }

    fn is_there(&self, cache: &Cache) -> bool {
        self.folder(cache).is_some()
    }

    fn get(&self, cache: &Cache) -> Result<Outcome> {
        let finished = cache.scratch(self.package)?;
        // Kept when interrupted: Cargo goes on from there.
        let build = cache.path("build").join(self.package);
        // Unoptimised: these run for seconds, and compile in half the time this way.
        let path =
            env::join_paths(env::split_paths(&env::var_os("PATH").unwrap_or_default()).chain([finished.join("bin")]))?;
        let install = || {
            let mut install = workspace::cargo("install");
            install.args(["--debug", "--version", &self.version, self.package]);
            install.arg("--root").arg(&finished).arg("--target-dir").arg(&build);
            // Spares the user Cargo's advice to add this folder to the PATH.
            install.env("PATH", &path);
            install
        };
        if let Err(error) = process::run(install().arg("--locked")) {
            process::check_interrupted()?;
            // A mirror of the registry may lag behind the versions that a recent release was locked to.
            println!("    {error:#}; trying with other versions of what it depends on");
            process::run(&mut install())?;
        }
        cache.publish(&finished, self.place())?;
        cache::remove(&build)?;
        Ok(Outcome::Done)
    }
}

impl CargoTool {
    /// The folder where the program of the right version is: one on the `PATH`, else the cache folder's.
    pub fn folder(&self, cache: &Cache) -> Option<PathBuf> {
        let installed = cache.path(self.place()).join("bin").join(self.program);
        let found = process::find(self.program).filter(|program| self.is_of_version(program));
        let program = found.or_else(|| installed.exists().then_some(installed))?;
        program.parent().map(Path::to_owned)
    }

    fn is_of_version(&self, program: &Path) -> bool {
        process::output(Command::new(program).arg("--version"))
            .is_ok_and(|answer| answer.split_whitespace().any(|word| word == self.version))
    }

    fn place(&self) -> PathBuf {
        Path::new("tools").join(format!("{}-{}", self.program, self.version))
    }
}
