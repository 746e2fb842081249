//! What operators can watch, in Prometheus's terms. `docs/operations.md` explains the names, and
//! `docs/grafana/pupil.json` draws them.
//!
//! Labels hold what there are few of: routes, codes, modes. Nothing of a user's is in them.

use crate::jobs::Jobs;
use anyhow::Context;
use dto::{
    ErrorCode,
    model::{Mode, Status},
};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::{Duration, Instant};
use store::Backlog;

/// Seconds of a request: most take milliseconds, an upload or a long prediction many seconds.
const REQUEST_BUCKETS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// Seconds of a run, from the instant one to hours of fine-tuning.
const RUN_BUCKETS: [f64; 12] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0];
/// What histograms have been told since is sorted into their buckets this often, even when nobody asks.
const UPKEEP: Duration = Duration::from_secs(20);

/// Everything counted in this process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    process: metrics_process::Collector,
}

impl Metrics {
    /// Begins to count; once in a process, inside a Tokio runtime.
    pub fn start() -> anyhow::Result<Self> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full("pupil_http_request_seconds".into()), &REQUEST_BUCKETS)?
            .set_buckets_for_metric(Matcher::Full("pupil_run_seconds".into()), &RUN_BUCKETS)?
            .install_recorder()
            .context("counting was started twice")?;
        let metrics = Self { handle, process: metrics_process::Collector::default() };
        metrics.process.describe();
        let handle = metrics.handle.clone();
        tokio::spawn(async move {
            let mut beat = tokio::time::interval(UPKEEP);
            loop {
                beat.tick().await;
                handle.run_upkeep();
            }
        });
        Ok(metrics)
    }

    /// All of it in Prometheus's text format, with the queues as they are now.
    pub async fn text(&self, jobs: &Jobs) -> String {
        self.process.collect();
        let backlogs =
            jobs.backlogs().await.inspect_err(|error| tracing::warn!("the queues can't be counted: {error}"));
        for queue in jobs.queues() {
            let [waiting, running, oldest_seconds] = match &backlogs {
                Ok(backlogs) => numbers(backlogs, queue),
                // The rest can still be told; the queues' last numbers would be wrong without anybody knowing.
                Err(_) => [f64::NAN; 3],
            };
            gauge!("pupil_jobs_waiting", "queue" => queue).set(waiting);
            gauge!("pupil_jobs_running", "queue" => queue).set(running);
            gauge!("pupil_job_oldest_seconds", "queue" => queue).set(oldest_seconds);
        }
        self.handle.render()
    }
}

/// How many jobs of a queue wait and run, and how old the oldest is that waits; a queue of which nothing is told is empty.
fn numbers(backlogs: &[Backlog], queue: &str) -> [f64; 3] {
    let found = backlogs.iter().find(|backlog| backlog.queue == queue);
    found.map_or([0.0; 3], |found| [found.waiting as f64, found.running as f64, found.oldest_seconds])
}

/// A request that is being answered; counted when it is dropped, which a client that has gone away does too.
pub struct Request {
    method: &'static str,
    begun: Instant,
    answer: Option<(String, u16)>,
}

impl Request {
    pub fn begin(method: &'static str) -> Self {
        gauge!("pupil_http_requests_in_flight").increment(1.0);
        Self { method, begun: Instant::now(), answer: None }
    }

    /// `route` is the pattern that matched, such as `/api/projects/{id}`.
    pub fn answered(mut self, route: String, status: u16) {
        self.answer = Some((route, status));
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        gauge!("pupil_http_requests_in_flight").decrement(1.0);
        // Given up by its client, it has neither.
        let Some((route, status)) = self.answer.take() else { return };
        let status = status.to_string();
        counter!("pupil_http_requests_total", "method" => self.method, "route" => route.clone(), "status" => status)
            .increment(1);
        histogram!("pupil_http_request_seconds", "method" => self.method, "route" => route)
            .record(self.begun.elapsed().as_secs_f64());
    }
}

/// A request was refused, or failed.
pub fn error(code: ErrorCode) {
    counter!("pupil_errors_total", "code" => code.as_str()).increment(1);
}

/// A file of a request was not taken.
pub fn rejected(code: ErrorCode) {
    counter!("pupil_files_rejected_total", "code" => code.as_str()).increment(1);
}

/// Pictures were stored.
pub fn stored(pictures: u64) {
    counter!("pupil_images_stored_total").increment(pictures);
}

/// Pictures were embedded in the background.
pub fn embedded(pictures: u64) {
    counter!("pupil_embeddings_total").increment(pictures);
}

/// Pictures were predicted.
pub fn predicted(pictures: u64) {
    counter!("pupil_predictions_total").increment(pictures);
}

/// A run ended, in this many seconds since it began in this process.
pub fn run_ended(mode: Mode, status: Status, seconds: f64) {
    counter!("pupil_runs_total", "mode" => mode.as_str(), "status" => status.as_str()).increment(1);
    histogram!("pupil_run_seconds", "mode" => mode.as_str()).record(seconds);
}
