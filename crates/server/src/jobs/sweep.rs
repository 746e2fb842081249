//! Sweeping now and then: see `store::sweep`.

use std::time::Duration;
use store::{Store, Swept};
use tokio::time::{Instant, interval_at};

/// Not at once: whoever starts Pupil waits for other things.
const FIRST: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Sweeps for as long as the process runs.
pub(super) async fn regularly(store: Store) {
    let mut due = interval_at(Instant::now() + FIRST, EVERY);
    loop {
        due.tick().await;
        match store.sweep(store::now()).await {
            Ok(swept) if swept == Swept::default() => tracing::debug!("there was nothing to sweep away"),
            Ok(Swept { images, contents, model_files, unfinished }) => {
                tracing::info!(images, contents, model_files, unfinished, "what nobody needs any more is swept away");
            }
            Err(error) => tracing::warn!("sweeping broke off, and is tried again in an hour: {error}"),
        }
    }
}
