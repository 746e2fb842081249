//! The C++ compiler that libtorch's bindings and SQLite are built with.

use crate::process;
use anyhow::{Result, ensure};
use std::env;

/// An error that says how to get one when there is none.
pub fn check() -> Result<()> {
    let chosen = env::var_os("CXX").is_some();
    let found = chosen || ["c++", "g++", "clang++"].into_iter().any(|name| process::find(name).is_some());
    ensure!(found, "a C++ compiler is missing: install one (Debian: `apt-get install g++`), then run this again");
    Ok(())
}
