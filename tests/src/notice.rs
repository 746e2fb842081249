//! Lines for the person who runs the tests.

use std::io::{Write, stderr};

/// Prints a line that libtest does not hold back, as it does what a passing test prints.
pub fn notice(line: &str) {
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(stderr(), "note: {line}");
}

/// Whether what a test needs must be there: on CI a skipped test is a failed one.
pub fn strict() -> bool {
    ["CI", "PUPIL_TEST_STRICT"].into_iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
