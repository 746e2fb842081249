//! Making WebAssembly smaller with Binaryen's `wasm-opt`, where it is installed.

use crate::process;
use anyhow::Result;
use std::{fs, path::Path, process::Command};

/// What today's Rust compiles to, so that older versions of `wasm-opt` read it.
const FEATURES: [&str; 5] = [
    "--enable-bulk-memory",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Optimises every WebAssembly file of a folder in place. A file that `wasm-opt` can't read stays as it is: it works.
pub fn optimise(folder: &Path) -> Result<()> {
    let Some(wasm_opt) = process::find("wasm-opt") else { return Ok(()) };
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
        let smaller = file.with_extension("wasm-opt");
        let mut command = Command::new(&wasm_opt);
        command.arg("-Oz").args(FEATURES).arg(&file).arg("--output").arg(&smaller);
        match process::output(&mut command) {
            Ok(_) => fs::rename(&smaller, &file)?,
            Err(error) => println!("    the page stays a little larger: {error:#}"),
        }
        process::check_interrupted()?;
    }
    Ok(())
}
