//! The environment variables by which the tests find what they need. What is set already stays as it is.

use crate::{
    setup::{cache::Cache, schemathesis, test_tools, weights},
    workspace,
};
use anyhow::Result;
use std::{env, ffi::OsString};

/// Whether the user has set a variable.
pub fn has(name: &str) -> bool {
    env::var_os(name).is_some()
}

/// All but the address of the PostgreSQL server.
pub fn of_tests() -> Result<Vec<(&'static str, OsString)>> {
    let mut variables = vec![("PUPIL_BIN", workspace::pupil().into()), ("PUPIL_WEB_DIR", workspace::dist().into())];
    if let Some(driver) = test_tools::chromedriver() {
        variables.push(("CHROMEDRIVER", driver.into()));
    }
    let contract = schemathesis::packages(&Cache::open()?);
    if contract.is_dir() {
        variables.push(("PUPIL_TEST_SCHEMATHESIS", contract.into()));
    }
    // Photos and weights for development may lie beside the checkout; the tests draw their own pictures without them.
    let beside = workspace::root().with_file_name("shared");
    let photos = beside.join("data");
    if photos.is_dir() {
        variables.push(("PUPIL_TEST_DATA", photos.into()));
    }
    let resnet18 = beside.join("weights/resnet18-imagenet.safetensors");
    if resnet18.is_file() && !weights::has_resnet18(&Cache::open()?) {
        variables.push((weights::RESNET18_VARIABLE, resnet18.into()));
    }
    variables.retain(|(name, _)| !has(name));
    Ok(variables)
}
