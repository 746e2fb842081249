//! `cargo xtask load`: many people on one server.

use crate::{
    process,
    setup::setup,
    test::{
        cluster::{self, Cluster},
        environment,
    },
    workspace::{self, cargo},
};
use anyhow::Result;
use std::process::Command;

/// Sets up, builds, and has them come. Fails if an answer was the server's fault, or something was lost.
pub fn load(arguments: &[String]) -> Result<()> {
    let on_postgres = arguments.iter().any(|argument| argument == "--postgres");
    setup(on_postgres)?;
    println!("Compiling the server and those who use it.");
    process::run(cargo("build").args(["--release", "--package", "server", "--package", "bench"]))?;
    let mut environment = environment::of_tests()?;
    let cluster = match on_postgres && !environment::has(cluster::VARIABLE) {
        true => Some(Cluster::start()?),
        false => None,
    };
    environment.extend(cluster.as_ref().map(|cluster| (cluster::VARIABLE, cluster.url().into())));

    let mut load = Command::new(workspace::target_dir().join("release/load"));
    load.envs(environment).current_dir(workspace::root());
    load.arg("--page").arg(workspace::root().join("docs/operations.md")).args(arguments);
    process::run(&mut load)
}
