//! The Python packages that test the API against its description.

use crate::{
    process,
    setup::{Step, cache::Cache, python},
    stages::Outcome,
};
use anyhow::Result;
use std::path::PathBuf;

const NAME: &str = "schemathesis-4.32.5";

/// schemathesis and what it needs, in a folder of the cache for `PYTHONPATH`.
pub struct Schemathesis;

/// Where the packages are.
pub fn packages(cache: &Cache) -> PathBuf {
    cache.path(NAME)
}

impl Step for Schemathesis {
    fn name(&self) -> String {
        "schemathesis".into()
    }

    fn about(&self) -> &str {
        "downloading 20 MB of Python packages"
    }

    fn is_there(&self, cache: &Cache) -> bool {
        packages(cache).is_dir()
    }

    fn get(&self, cache: &Cache) -> Result<Outcome> {
        let folder = cache.scratch(NAME)?;
        if let Err(error) = python::install(cache, "requirements-contract.txt", &folder) {
            process::check_interrupted()?;
            return Ok(Outcome::LeftOut(format!("The API is not tested against its description: {error:#}")));
        }
        cache.publish(&folder, NAME)?;
        Ok(Outcome::Done)
    }
}
