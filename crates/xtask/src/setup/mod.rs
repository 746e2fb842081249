//! Getting what Pupil needs, step by step. Every step is skipped when its result is there, and may be interrupted.

pub mod apt;
pub mod cache;
mod cargo_tool;
pub mod compiler;
pub mod libtorch;
pub mod peer;
pub mod python;
pub mod schemathesis;
pub mod test_tools;
pub mod tools;
pub mod wasm_std;
pub mod weights;

pub use cargo_tool::CargoTool;

use crate::stages::{Outcome, Stages};
use anyhow::{Context, Result};
use cache::Cache;
use libtorch::Libtorch;
use peer::Peer;
use schemathesis::Schemathesis;
use std::path::PathBuf;
use wasm_std::WasmStd;
use weights::{EfficientnetLite0, Resnet18};

/// One thing to get.
pub trait Step {
    fn name(&self) -> String;
    /// What getting it does, and how much it downloads, in a few words.
    fn about(&self) -> &str;
    fn is_there(&self, cache: &Cache) -> bool;
    fn get(&self, cache: &Cache) -> Result<Outcome>;
}

/// Gets everything that building and running needs, and with `tests` what the tests need too.
pub fn setup(tests: bool) -> Result<()> {
    let cache = Cache::open()?;
    let [trunk, wasm_bindgen] = tools::all()?;
    let mut steps: Vec<Box<dyn Step>> = vec![
        Box::new(Libtorch),
        Box::new(Resnet18),
        Box::new(EfficientnetLite0),
        Box::new(WasmStd),
        Box::new(trunk),
        Box::new(wasm_bindgen),
    ];
    if tests {
        steps.push(Box::new(Schemathesis));
        steps.extend(test_tools::all().map(|tool| Box::new(tool) as Box<dyn Step>));
    }
    compiler::check()?;
    get(&cache, &steps)?;
    libtorch::link(&cache)
}

/// Gets the Python packages that PyTorch's side of the benchmarks imports, and tells where they are.
pub fn peer() -> Result<PathBuf> {
    let cache = Cache::open()?;
    get(&cache, &[Box::new(Peer)])?;
    Ok(peer::packages(&cache))
}

/// Gets cargo-fuzz, and tells the folder that it is in.
pub fn fuzzer() -> Result<PathBuf> {
    let (cache, fuzzer) = (Cache::open()?, tools::fuzzer());
    fuzzer.folder(&cache).map_or_else(
        || {
            get(&cache, &[Box::new(tools::fuzzer())])?;
            fuzzer.folder(&cache).context("cargo-fuzz is not where it was installed")
        },
        Ok,
    )
}

fn get(cache: &Cache, steps: &[Box<dyn Step>]) -> Result<()> {
    if steps.iter().any(|step| !step.is_there(cache)) {
        python::check()?;
    }

    let mut stages = Stages::new(steps.len());
    for step in steps {
        if step.is_there(cache) {
            stages.already_there(&step.name());
        } else {
            stages.stage(&step.name(), step.about(), || step.get(cache))?;
        }
    }
    println!("Everything is set up (in {}).\n", stages.elapsed());
    Ok(())
}
