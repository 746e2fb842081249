//! Looking now and then for what is to be done and has no job: its row was written, and the process ended before it had
//! queued the job, or the queue was brought back to an earlier state than the tables.

use super::{Jobs, QueueError, embed::EmbedJob, train::TrainJob};
use crate::app::{App, default_embedding};
use dto::Timestamp;
use std::time::{Duration, Instant};
use store::Store;

/// How often it is looked…
const EVERY: Duration = Duration::from_secs(60);
/// …and for one part in so many of the time at most, because every image is looked at.
const SHARE: u32 = 50;
/// A run that was asked for a moment ago is about to get its job.
const FRESH: Duration = Duration::from_secs(30);

/// Looks for as long as the process runs.
pub(super) async fn regularly(app: App) {
    let mut pause = EVERY;
    loop {
        tokio::time::sleep(pause).await;
        let start = Instant::now();
        let before = Timestamp::from_millis(store::now().millis() - FRESH.as_millis() as i64);
        if let Err(error) = put_back(&app.store, &app.jobs, default_embedding(&app.engine), before).await {
            tracing::warn!("looking for work without a job broke off, and is tried again: {error}");
        }
        pause = EVERY.max(start.elapsed() * SHARE);
    }
}

/// Queues runs that were asked for before a time and have not begun, and projects with pictures that have no embedding.
/// What is running has a worker, or is begun again at a start.
async fn put_back(
    store: &Store,
    jobs: &Jobs,
    embedding: Option<(&str, &str)>,
    before: Timestamp,
) -> Result<(), QueueError> {
    for (model, mode) in store.queued_before(before).await? {
        jobs.queue_of(mode).push_lost(TrainJob { model, mode }).await?;
    }
    if let Some((weights, preprocessing)) = embedding {
        for project in store.projects_with_unembedded(weights, preprocessing).await? {
            jobs.embed.push_lost(EmbedJob { project }).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::{
        image::Source,
        model::{Backbone, Mode, Settings},
    };
    use store::{ContentHash, NewImage, NewModel, StoreConfig};

    fn picture(content: u8) -> NewImage {
        NewImage {
            file_name: format!("{content}.jpg"),
            content_hash: ContentHash::new([content; 32]),
            format: "jpeg".into(),
            width: 640,
            height: 480,
            bytes: 3,
        }
    }

    #[tokio::test]
    async fn what_has_no_job_gets_one_and_no_more() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let data_dir = folder.path().to_owned();
        let config = StoreConfig { data_dir, database_url: None, storage: None, max_connections: 4 };
        let store = Store::open(config).await?;
        let jobs = Jobs::open(&store).await?;
        let owner = store.create_user("somebody", "hash", "First").await?.id;
        let project = store.projects(owner, None, 1).await?.items[0].id;
        for (label, contents) in [("cat", [1, 2]), ("dog", [3, 4])] {
            store.add_images(owner, project, Some(label), Source::Upload, &contents.map(picture)).await?;
        }
        for mode in [Mode::Instant, Mode::FineTune] {
            let new = NewModel {
                mode,
                backbone: Backbone::Resnet18,
                weights_sha256: "w".into(),
                preprocessing: "p".into(),
                settings: Settings::default(),
                draft: false,
            };
            store.create_model(owner, project, &new).await?;
        }
        let waiting = async || -> anyhow::Result<Vec<(String, u64)>> {
            let mut found: Vec<_> = jobs.backlogs().await?.into_iter().map(|one| (one.queue, one.waiting)).collect();
            found.sort();
            Ok(found)
        };

        let now = store::now().millis();
        put_back(&store, &jobs, None, Timestamp::from_millis(now - 60_000)).await?;
        assert_eq!(waiting().await?, [], "they were asked for a moment ago");
        for _ in 0..3 {
            put_back(&store, &jobs, Some(("w", "p")), Timestamp::from_millis(now + 60_000)).await?;
            assert_eq!(
                waiting().await?,
                [("embed", 1), ("fine_tune", 1), ("train", 1)].map(|(q, n)| (q.to_owned(), n))
            );
        }
        Ok(())
    }
}
