//! `cargo xtask test`: everything that must hold before a change goes in.

pub mod cluster;
pub mod environment;

use crate::{
    process,
    setup::{python, setup},
    stages::{Outcome, Stages},
    web,
    workspace::cargo,
};
use anyhow::Result;
use cluster::Cluster;
use std::process::Command;

/// Sets up, checks, builds and tests everything. With a selection, or arguments for the test programs, the checks that
/// are not tests are left out.
pub fn test(selection: &[String], harness: &[String]) -> Result<()> {
    setup(true)?;
    let everything = selection.is_empty() && harness.is_empty();
    let has_deny = process::find("cargo-deny").is_some();
    let mut stages = Stages::new(if everything { 6 + usize::from(has_deny) } else { 4 });
    let result = all(&mut stages, selection, harness, everything, has_deny);
    stages.summarise();
    result?;
    println!("\nAll of it succeeded.");
    if everything && !has_deny {
        println!("Licences and advisories were not checked: `cargo install --locked cargo-deny` adds that.");
    }
    Ok(())
}

fn all(stages: &mut Stages, selection: &[String], harness: &[String], everything: bool, deny: bool) -> Result<()> {
    if everything {
        stages.stage("Formatting", "comparing with rustfmt's", || done(cargo("fmt").args(["--all", "--check"])))?;
    }
    stages.stage("The page", web::ABOUT, web::build_if_changed)?;
    if everything {
        // In the profile of the tests, so that build scripts run once for all.
        stages.stage("Clippy", "looking for what is better written otherwise", || {
            done(cargo("clippy").args(["--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
        })?;
    }
    stages.stage("The server", "compiling what the tests start", || {
        done(cargo("build").args(["--release", "--package", "server"]))
    })?;

    let mut environment = environment::of_tests()?;
    let mut cluster = None;
    stages.stage("PostgreSQL", "starting a throw-away server", || {
        if environment::has(cluster::VARIABLE) {
            return Ok(Outcome::AlreadyThere);
        }
        let started = Cluster::start()?;
        environment.push((cluster::VARIABLE, started.url().into()));
        cluster = Some(started);
        Ok(Outcome::Done)
    })?;
    stages.stage("Tests", "compiling and running them", || {
        let mut tests = cargo("test");
        tests.args(["--release", "--workspace"]).args(selection).envs(environment);
        if !harness.is_empty() {
            tests.arg("--").args(harness);
        }
        done(&mut tests)
    })?;
    drop(cluster);

    if everything && deny {
        stages.stage("Dependencies", "checking licences and advisories", check_dependencies)?;
    }
    Ok(())
}

/// Where `cargo-deny` gets the advisories.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

fn check_dependencies() -> Result<Outcome> {
    process::run(cargo("deny").args(["check", "bans", "licenses", "sources"]))?;
    if !python::can_reach(ADVISORIES) {
        process::check_interrupted()?;
        return Ok(Outcome::LeftOut(format!("Licences are well; {ADVISORIES} can't be reached from here")));
    }
    done(cargo("deny").args(["check", "advisories"]))
}

fn done(command: &mut Command) -> Result<Outcome> {
    process::run(command)?;
    Ok(Outcome::Done)
}
