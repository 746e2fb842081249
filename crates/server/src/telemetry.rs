//! Logging, and the signals that end the process.

use crate::config::{LogFormat, Sight};
use anyhow::Context;
use std::io::IsTerminal;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// Logs to standard error, leaving standard output to what a person asked for.
pub fn start(sight: &Sight) -> anyhow::Result<()> {
    let filter = &sight.log;
    let filter = EnvFilter::try_new(filter).with_context(|| format!("PUPIL_LOG is not a log filter: {filter}"))?;
    let layer = fmt::layer().with_writer(std::io::stderr);
    let layer = match sight.log_format {
        LogFormat::Text => layer.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(filter).with(layer).try_init().context("logging was started twice")
}

/// Waits for Ctrl-C or SIGTERM.
pub async fn stop_signal() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}
