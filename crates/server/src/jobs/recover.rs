//! What a process finds undone when it starts.

use super::QueueError;
use crate::app::{App, default_embedding};

/// Queues runs that did not end, and projects with pictures that have no embedding.
pub(super) async fn put_back(app: &App) -> Result<(), QueueError> {
    for (model, mode) in app.store.unfinished_models().await? {
        tracing::info!(%model, "an unfinished run starts again");
        app.jobs.train(model, mode).await?;
    }
    if let Some((weights, preprocessing)) = default_embedding(&app.engine) {
        for project in app.store.projects_with_unembedded(weights, preprocessing).await? {
            app.jobs.embed(project).await?;
        }
    }
    Ok(())
}
