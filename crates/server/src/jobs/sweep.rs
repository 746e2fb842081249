//! Sweeping now and then: see `store::sweep`.

use crate::app::App;
use std::{fmt::Display, time::Duration};
use store::Swept;
use tokio::time::{Instant, interval_at};

/// Not at once: whoever starts Pupil waits for other things.
const FIRST: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Sweeps for as long as the process runs.
pub(super) async fn regularly(app: App) {
    let mut due = interval_at(Instant::now() + FIRST, EVERY);
    loop {
        due.tick().await;
        let now = store::now();
        // Each whatever became of the other.
        let swept = app.store.sweep(now).await.unwrap_or_else(broke_off);
        let jobs = app.jobs.sweep(now).await.unwrap_or_else(broke_off);
        if (swept, jobs) == (Swept::default(), 0) {
            tracing::debug!("there was nothing to sweep away");
            continue;
        }
        let Swept { images, contents, model_files, unfinished, left } = swept;
        let done = "what nobody needs any more is swept away";
        tracing::info!(images, contents, model_files, unfinished, left, jobs, "{done}");
    }
}

fn broke_off<T: Default>(error: impl Display) -> T {
    tracing::warn!("sweeping broke off, and is tried again in an hour: {error}");
    T::default()
}
