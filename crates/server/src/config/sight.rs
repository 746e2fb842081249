//! The settings of what operators see: the log, and the metrics.

use clap::{Args, ValueEnum};

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For a person.
    Text,
    /// An object a line, for a program that collects logs.
    Json,
}

#[derive(Args, Clone, Debug)]
pub struct Sight {
    /// What to log, such as `info` or `server=debug,warn`.
    #[arg(long, env = "PUPIL_LOG", default_value = "info")]
    pub log: String,

    /// How the log is written, text or json.
    #[arg(long, env = "PUPIL_LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// What a reader of /metrics must send as a Bearer token [default: only this machine may read it, unasked]
    #[arg(long, env = "PUPIL_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,

    /// Address and port for /metrics and /api/health alone, over HTTP without TLS; the only one that a worker has.
    #[arg(long, env = "PUPIL_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
}
