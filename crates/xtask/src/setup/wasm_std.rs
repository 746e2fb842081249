//! Rust's standard library for WebAssembly, and the compiler that goes with it.

use crate::{
    process,
    setup::{Step, apt, cache::Cache},
    stages::Outcome,
    workspace,
};
use anyhow::{Context, Result, bail};
use std::{ffi::OsString, path::Path, process::Command};

const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler for the web, and the source of the standard library that it compiles along.
const DEBIAN_PACKAGES: [&str; 2] = ["rustc-web", "rust-web-src"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// The workspace's `rust-version`.
const NEEDED_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// The library, for the toolchain in use or for Debian's.
pub struct WasmStd;

impl Step for WasmStd {
    fn name(&self) -> String {
        "Rust's standard library for WebAssembly".into()
    }

    fn about(&self) -> &str {
        "adding it to the toolchain"
    }

    fn is_there(&self, _: &Cache) -> bool {
        toolchain_has_it() || debian_has_it()
    }

    fn get(&self, _: &Cache) -> Result<Outcome> {
        get()
    }
}

/// The environment in which Cargo builds for WebAssembly; nothing where the toolchain has the library itself.
pub fn environment() -> Result<Vec<(&'static str, OsString)>> {
    if toolchain_has_it() {
        return Ok(Vec::new());
    }
    if !debian_has_it() {
        bail!("Rust's standard library for WebAssembly is missing: run `cargo xtask setup`");
    }
    let mut environment = vec![
        ("RUSTC", DEBIAN_RUSTC.into()),
        // Debian has the library's source only, and building that is not yet part of stable Cargo.
        ("RUSTC_BOOTSTRAP", "1".into()),
        ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort".into()),
    ];
    if let Some(linker) = toolchain_linker()? {
        environment.push(("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker));
    }
    Ok(environment)
}

fn get() -> Result<Outcome> {
    if process::find("rustup").is_some() {
        match process::run(Command::new("rustup").args(["target", "add", TARGET])) {
            Ok(()) => return Ok(Outcome::Done),
            Err(error) => println!("    {error}; taking Debian's"),
        }
        process::check_interrupted()?;
    }
    apt::install(&DEBIAN_PACKAGES)?;
    Ok(Outcome::Done)
}

fn toolchain_has_it() -> bool {
    let answer = process::output(rustc().args(["--print", "target-libdir", "--target", TARGET]));
    answer.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn debian_has_it() -> bool {
    let ask = |question: &[&str]| process::output(Command::new(DEBIAN_RUSTC).args(question)).ok();
    // Debian's compiler for programs has the same name, and may be years old.
    let recent = ask(&["--version"]).is_some_and(|answer| minor_version(&answer) >= minor_version(NEEDED_VERSION));
    let sysroot = ask(&["--print", "sysroot"]);
    recent && sysroot.is_some_and(|folder| Path::new(folder.trim()).join("lib/rustlib/src/rust/library/std").is_dir())
}

/// `95` of `rustc 1.95.0 (59807616e 2026-04-14)`, and of `1.95`.
fn minor_version(text: &str) -> Option<u32> {
    let version = text.split_whitespace().find_map(|word| word.strip_prefix("1."))?;
    version.split('.').next()?.parse().ok()
}

/// The linker that comes with the toolchain; Debian's compiler knows it by another name.
fn toolchain_linker() -> Result<Option<OsString>> {
    let sysroot = process::output(rustc().args(["--print", "sysroot"]))?;
    let version = process::output(rustc().arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not tell its host")?;
    let linker = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld");
    Ok(linker.exists().then(|| linker.into()))
}

fn rustc() -> Command {
    let mut command = Command::new("rustc");
    command.current_dir(workspace::root());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(minor_version("rustc 1.63.0 (4b91a6ea7 2022-08-08)"), Some(63));
        assert!(minor_version("rustc 1.100.0") > minor_version("1.94"));
        assert_eq!(minor_version("rustc: not found"), None);
        assert!(minor_version(NEEDED_VERSION).is_some());
    }
}
