//! `cargo xtask faults`: the long form of the tests in tests/faults.

use crate::{
    process,
    setup::setup,
    stages::{Outcome, Stages},
    test::{
        cluster::{self, Cluster},
        environment,
    },
    web,
    workspace::cargo,
};
use anyhow::Result;

/// Builds, and runs the tests of faults one after another, so that what one sees is its own doing.
pub fn faults(selection: Option<&str>) -> Result<()> {
    setup(true)?;
    let mut stages = Stages::new(4);
    stages.stage("The page", web::ABOUT, web::build_if_changed)?;
    stages.stage("The server", "compiling what the tests start", || {
        process::run(cargo("build").args(["--release", "--package", "server"]))?;
        Ok(Outcome::Done)
    })?;
    let mut environment = environment::of_tests()?;
    let mut server = None;
    stages.stage("PostgreSQL", "starting a throw-away server", || {
        if environment::has(cluster::VARIABLE) {
            return Ok(Outcome::AlreadyThere);
        }
        let started = Cluster::start()?;
        environment.push((cluster::VARIABLE, started.url().into()));
        server = Some(started);
        Ok(Outcome::Done)
    })?;
    stages.stage("Faults", "making them happen", || {
        let mut tests = cargo("test");
        tests.args(["--release", "--package", "pupil-tests", "--test", "faults"]).args(selection);
        tests.args(["--", "--test-threads", "1"]).envs(environment).env("PUPIL_FAULTS", "long");
        process::run(&mut tests)?;
        Ok(Outcome::Done)
    })?;
    drop(server);
    stages.summarise();
    Ok(())
}
