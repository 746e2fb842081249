//! Programs that run to their end.

use crate::deadline::PATIENCE;
use std::process::Command;
use tokio::time::timeout;

/// How a program ended and what it said.
#[derive(Debug)]
pub struct Finished {
    /// None when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program.
///
/// # Panics
/// When it can't be started or takes longer than [`PATIENCE`].
pub async fn run(command: Command) -> Finished {
    let mut command = tokio::process::Command::from(command);
    let output = timeout(PATIENCE, command.kill_on_drop(true).output())
        .await
        .unwrap_or_else(|_| panic!("still running after {PATIENCE:?}: {command:?}"))
        .unwrap_or_else(|e| panic!("can't run {command:?}: {e}"));
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
