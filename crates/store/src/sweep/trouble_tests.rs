//! A sweeper that dies.

use super::{
    UNREFERENCED,
    contents::claim,
    tests::{doomed, hash, hours, put},
};
use crate::{
    StoreError, original_key,
    testing::{Place, picture, somebody},
    thumbnail_key,
};
use anyhow::Result;
use dto::image::Source;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_notices_files_that_a_sweeper_removed_before_it_died() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        for key in [original_key(hash(1)), thumbnail_key(hash(1))] {
            doomed(&store, 1).await?;
            let mut sweeper = store.database.write().await?;
            let later = hours(3).millis();
            assert!(claim(&mut sweeper, hash(1), later, later - UNREFERENCED.as_millis() as i64).await?);
            store.blobs().delete(&key).await?;
            drop(sweeper);
            let upload = store.add_images(owner, project, None, Source::Upload, &[picture(1)], 10).await;
            assert!(matches!(upload, Err(StoreError::Unavailable(_))), "{key} is gone: {upload:?}");
        }
        put(&store, 1).await?;
        store.add_images(owner, project, None, Source::Upload, &[picture(1)], 10).await?;
        assert_eq!(store.project(owner, project).await?.image_count, 1);
    }
    Ok(())
}
