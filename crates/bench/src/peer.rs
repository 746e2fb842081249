//! PyTorch's side: a script that is no part of Pupil, which prints what it has measured as JSON.

use crate::photos::Photos;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

pub struct Peer {
    pub script: PathBuf,
    /// ResNet18's, as Pupil has them.
    pub weights: PathBuf,
    pub threads: usize,
}

impl Peer {
    /// Measures one of the script's parts on some photos, with so many epochs where it trains.
    pub fn measure(&self, part: &str, photos: &Photos, epochs: u32) -> Result<Value> {
        println!("  PyTorch: {part}");
        let mut command = Command::new("python3");
        command.arg(&self.script).arg("--data").arg(photos.folder()).arg("--weights").arg(&self.weights);
        command.args(["--only", part, "--epochs", &epochs.to_string(), "--threads", &self.threads.to_string()]);
        if let Some(originals) = photos.originals() {
            command.arg("--photos").arg(originals);
        }
        let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
        let output = output.context("cannot run python3")?;
        ensure!(output.status.success(), "{} failed ({})", self.script.display(), output.status);
        serde_json::from_slice(&output.stdout).context("PyTorch's side printed no JSON")
    }
}

/// A number in what the script printed: `part/seconds`.
pub fn number(measured: &Value, path: &str) -> Result<f64> {
    let value = path.split('/').fold(measured, |value, key| &value[key]);
    value.as_f64().with_context(|| format!("PyTorch's side measured no {path}"))
}
