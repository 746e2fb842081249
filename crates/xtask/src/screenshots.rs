//! `cargo xtask screenshots`: pictures of every screen and state of the page, to be looked at.

use crate::{
    process,
    setup::setup,
    stages::{Outcome, Stages},
    test::environment,
    web,
    workspace::{cargo, root},
};
use anyhow::Result;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// Where they go
    #[arg(default_value = "target/screenshots")]
    folder: PathBuf,
    /// A folder with train/LABEL/*.jpg; else photos of the tests, where there are any
    #[arg(long)]
    photos: Option<PathBuf>,
    /// Drawn leaves instead of photos
    #[arg(long, conflicts_with = "photos")]
    drawn: bool,
    /// Only those whose name begins like this
    #[arg(long)]
    only: Option<String>,
}

/// Sets up, builds page and server, and takes the pictures.
pub fn take(arguments: &Arguments) -> Result<()> {
    setup(true)?;
    let mut stages = Stages::new(3);
    stages.stage("The page", web::ABOUT, web::build_if_changed)?;
    stages.stage("The server", "compiling what is pictured", || {
        process::run(cargo("build").args(["--release", "--package", "server"]))?;
        Ok(Outcome::Done)
    })?;
    stages.stage("Screenshots", "walking through the page", || {
        let mut camera = cargo("run");
        camera.args(["--release", "--package", "pupil-tests", "--example", "screenshots", "--"]);
        camera.envs(environment::of_tests()?).arg(root().join(&arguments.folder));
        if let Some(photos) = &arguments.photos {
            camera.arg("--photos").arg(root().join(photos));
        }
        if arguments.drawn {
            camera.arg("--drawn");
        }
        if let Some(only) = &arguments.only {
            camera.args(["--only", only]);
        }
        process::run(&mut camera)?;
        Ok(Outcome::Done)
    })
}
