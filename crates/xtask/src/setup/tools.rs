//! Programs that Cargo installs: those that turn the page's Rust into what a browser loads, and the fuzzer.

use crate::{setup::CargoTool, workspace};
use anyhow::Result;

/// Builds the page.
pub fn trunk() -> CargoTool {
    CargoTool { package: "trunk", program: "trunk", version: "0.21.14".into() }
}

/// Makes the JavaScript around WebAssembly; it has to be of the very version of the library that the page links.
pub fn wasm_bindgen() -> Result<CargoTool> {
    let version = workspace::locked_version("wasm-bindgen")?;
    Ok(CargoTool { package: "wasm-bindgen-cli", program: "wasm-bindgen", version })
}

/// Runs libFuzzer on Rust.
pub fn fuzzer() -> CargoTool {
    CargoTool { package: "cargo-fuzz", program: "cargo-fuzz", version: "0.13.2".into() }
}

pub fn all() -> Result<[CargoTool; 2]> {
    Ok([trunk(), wasm_bindgen()?])
}
