//! `cargo xtask run`: from a fresh checkout to a running server.

use crate::{
    process,
    setup::setup,
    stages::{Outcome, Stages},
    web,
    workspace::{self, cargo},
};
use anyhow::{Context, Error, Result};
use std::{os::unix::process::CommandExt, process::Command};

/// Sets up, builds the page and the server, and becomes the server, which prints its address.
pub fn run(arguments: &[String]) -> Result<()> {
    setup(false)?;
    let mut stages = Stages::new(2);
    stages.stage("The page", web::ABOUT, web::build_if_changed)?;
    stages.stage("The server", "compiling it (the first time takes a while)", || {
        process::run(cargo("build").args(["--release", "--package", "server"]))?;
        Ok(Outcome::Done)
    })?;
    println!();
    let pupil = workspace::pupil();
    // Only returns when it fails.
    let error = Command::new(&pupil).arg("serve").args(arguments).current_dir(workspace::root()).exec();
    Err(Error::from(error)).with_context(|| format!("cannot start {}", pupil.display()))
}
