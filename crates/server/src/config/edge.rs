//! The settings of the server's edge: encryption, other sites, and how much may be asked of it at once.

use clap::{Args, builder::BoolishValueParser};
use std::path::PathBuf;

#[derive(Args, Clone, Debug)]
pub struct Edge {
    /// Certificate chain for HTTPS, PEM; goes with the key.
    #[arg(long, env = "PUPIL_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// Private key of the certificate, PEM.
    #[arg(long, env = "PUPIL_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// HTTPS with a certificate that Pupil makes for this computer and keeps in the data folder: for a classroom.
    #[arg(long, env = "PUPIL_SELF_SIGNED", value_parser = BoolishValueParser::new(), conflicts_with = "tls_cert")]
    pub self_signed: bool,

    /// Other sites whose pages may use the API with a Bearer token, such as https://lab.example; separated by commas.
    #[arg(long, env = "PUPIL_CORS_ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub cors_origins: Vec<String>,

    /// Requests that are worked on at once; more are told to come again in a moment.
    #[arg(long, env = "PUPIL_MAX_REQUESTS", default_value_t = 256, value_parser = at_least_one)]
    pub max_requests: usize,

    /// Uploads and predictions that are received at once.
    #[arg(long, env = "PUPIL_MAX_UPLOADS", default_value_t = 64, value_parser = at_least_one)]
    pub max_uploads: usize,

    /// Seconds that a request may be worked on after all of it has arrived.
    #[arg(long, env = "PUPIL_REQUEST_SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub request_seconds: u64,
}

impl Edge {
    /// Whether Pupil itself speaks HTTPS.
    pub fn has_tls(&self) -> bool {
        self.self_signed || self.tls_cert.is_some()
    }
}

/// What a browser sends as `Origin`: scheme and host, perhaps a port, and nothing after it.
fn origin(text: &str) -> Result<String, &'static str> {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let is_host = !host.is_empty() && !host.contains(['/', '*', '@', '?', '#']) && !host.contains(char::is_whitespace);
    if is_host { Ok(text) } else { Err("it is an origin, such as https://lab.example") }
}

fn at_least_one(text: &str) -> Result<usize, &'static str> {
    text.parse().ok().filter(|number| *number > 0).ok_or("it is a number above 0")
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_is_scheme_and_host() {
        assert_eq!(origin(" https://Lab.example/"), Ok("https://lab.example".into()));
        assert_eq!(origin("http://localhost:3000"), Ok("http://localhost:3000".into()));
        for wrong in ["*", "https://*", "null", "lab.example", "https://", "https://lab.example/page", "ftp://a"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }
}
