//! What happens to Pupil when something gives way beneath it: the process, the disk, the database, a job.
//!
//! Here in a short form, which is part of all tests; `cargo xtask faults` runs the long one.

#[macro_use(both_databases_own_server)]
extern crate pupil_tests;

mod database_gone;
mod disk_full;
mod killed;
mod poisoned;

use pupil_tests::notice::{notice, strict};

/// Whether the long form was asked for.
fn long() -> bool {
    std::env::var("PUPIL_FAULTS").is_ok_and(|form| form == "long")
}

/// Says loudly that a test could not be run here.
///
/// # Panics
/// On CI.
fn not_run(test: &str, why: &str) {
    assert!(!strict(), "{test} was not run: {why}");
    notice(&format!("NOT RUN: {test}: {why}"));
}
