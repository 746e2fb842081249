//! The Python packages that PyTorch's side of the benchmarks imports.

use crate::{
    process,
    setup::{Step, cache::Cache, libtorch::CPU_INDEX, python},
    stages::Outcome,
};
use anyhow::Result;
use std::path::PathBuf;

const NAME: &str = "peer-2.11.0";

/// PyTorch for Python and what goes with it, in a folder of the cache for `PYTHONPATH`.
pub struct Peer;

/// Where the packages are.
pub fn packages(cache: &Cache) -> PathBuf {
    cache.path(NAME)
}

impl Step for Peer {
    fn name(&self) -> String {
        "PyTorch for Python".into()
    }

    fn about(&self) -> &str {
        "downloading 300 to 700 MB of packages"
    }

    fn is_there(&self, cache: &Cache) -> bool {
        packages(cache).is_dir()
    }

    fn get(&self, cache: &Cache) -> Result<Outcome> {
        let folder = cache.scratch(NAME)?;
        python::install(cache, "requirements-peer.txt", &folder)?;
        if python::can_reach(CPU_INDEX) {
            python::install(cache, "requirements-peer-torch-cpu.txt", &folder)?;
        } else {
            process::check_interrupted()?;
            println!("    {CPU_INDEX} can't be reached from here: taking PyTorch from the Python package index");
            python::install(cache, "requirements-peer-torch.txt", &folder)?;
            process::run(python::script("without_cuda.py").arg(&folder))?;
        }
        cache.publish(&folder, NAME)?;
        Ok(Outcome::Done)
    }
}
