//! Sweeping now and then: see `store::sweep`.

use super::QueueError;
use crate::app::App;
use std::time::Duration;
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
        match sweep(&app).await {
            Ok((swept, 0)) if swept == Swept::default() => tracing::debug!("there was nothing to sweep away"),
            Ok((Swept { images, contents, model_files, unfinished }, jobs)) => {
                let done = "what nobody needs any more is swept away";
                tracing::info!(images, contents, model_files, unfinished, jobs, "{done}");
            }
            Err(error) => tracing::warn!("sweeping broke off, and is tried again in an hour: {error}"),
        }
    }
}

async fn sweep(app: &App) -> Result<(Swept, u64), QueueError> {
    let now = store::now();
    Ok((app.store.sweep(now).await?, app.jobs.sweep(now).await?))
}
