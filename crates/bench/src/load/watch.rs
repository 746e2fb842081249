//! The server from outside while it is used: its memory, and how many pictures it embeds.

use bench::machine;
use pupil_tests::Server;
use std::time::{Duration, Instant};

/// What was seen.
pub struct Seen {
    /// Bytes of the process in memory, second by second.
    pub memory: Vec<u64>,
    /// Pictures embedded meanwhile.
    pub embedded: f64,
    /// Jobs that waited at the end.
    pub waiting: f64,
}

/// Watches for so long.
pub async fn watch(server: &Server, lasts: Duration) -> Seen {
    let end = Instant::now() + lasts;
    let before = number(server, "pupil_embeddings_total").await;
    let mut memory = Vec::new();
    let mut beat = tokio::time::interval(Duration::from_secs(1));
    while Instant::now() < end {
        beat.tick().await;
        memory.push(machine::memory(server.process_id())[0]);
    }
    let embedded = number(server, "pupil_embeddings_total").await - before;
    Seen { memory, embedded, waiting: number(server, "pupil_jobs_waiting{queue=\"embed\"}").await }
}

/// A number of `GET /metrics`; 0 for one that has not been counted yet.
async fn number(server: &Server, name: &str) -> f64 {
    let text = match reqwest::get(format!("{}/metrics", server.address())).await {
        Ok(answer) => answer.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    };
    text.lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .find_map(|value| value.parse().ok())
        .unwrap_or_default()
}
