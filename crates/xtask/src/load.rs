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

/// How many people, for how long, and on what.
#[derive(clap::Args)]
pub struct Arguments {
    /// People at once
    #[arg(long, default_value_t = 64)]
    people: usize,
    /// How long they stay
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Milliseconds between two things that a person does, on average
    #[arg(long, default_value_t = 500)]
    pause: u64,
    /// On PostgreSQL instead of SQLite
    #[arg(long)]
    postgres: bool,
}

/// Sets up, builds, and has them come. Fails if an answer was the server's fault, or something was lost.
pub fn load(arguments: &Arguments) -> Result<()> {
    setup(arguments.postgres)?;
    println!("Compiling the server and those who use it.");
    process::run(cargo("build").args(["--release", "--package", "server", "--package", "bench"]))?;
    let mut environment = environment::of_tests()?;
    let cluster = match arguments.postgres && !environment::has(cluster::VARIABLE) {
        true => Some(Cluster::start()?),
        false => None,
    };
    environment.extend(cluster.as_ref().map(|cluster| (cluster::VARIABLE, cluster.url().into())));

    let mut load = Command::new(workspace::target_dir().join("release/load"));
    load.envs(environment).current_dir(workspace::root());
    for (name, number) in
        [("--people", arguments.people as u64), ("--seconds", arguments.seconds), ("--pause", arguments.pause)]
    {
        load.arg(name).arg(number.to_string());
    }
    if arguments.postgres {
        load.arg("--postgres");
    }
    process::run(load.arg("--page").arg(workspace::root().join("docs/operations.md")))
}
