//! A sweeper that dies, and things that can't be removed.

use super::{
    Swept, UNREFERENCED,
    contents::claim,
    tests::{doomed, hash, hours, is_there, put},
};
use crate::{
    StoreError, model_key, original_key,
    testing::{Place, picture, somebody},
    thumbnail_key,
};
use anyhow::{Context, Result};
use bytes::Bytes;
use dto::{ModelId, image::Source};

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
            let upload = store.add_images(owner, project, None, Source::Upload, &[picture(1)]).await;
            assert!(matches!(upload, Err(StoreError::Unavailable(_))), "{key} is gone: {upload:?}");
        }
        put(&store, 1).await?;
        store.add_images(owner, project, None, Source::Upload, &[picture(1)]).await?;
        assert_eq!(store.project(owner, project).await?.image_count, 1);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_removed_keeps_nothing_else_from_going() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        for content in 1..=3 {
            put(&store, content).await?;
        }
        let added = store.add_images(owner, project, None, Source::Upload, &[picture(3)]).await?;
        store.delete_images(owner, project, &[added[0].image.id]).await?;
        store.sweep(hours(1)).await?;
        // The one that can't be removed has waited longest.
        sqlx::query("UPDATE doomed_blobs SET since = 0 WHERE content_hash = $1")
            .bind(hash(1).to_string())
            .execute(store.database.read())
            .await?;
        let blobs = place.config.data_dir.join("blobs");
        let gone: ModelId = uuid::Uuid::now_v7().to_string().parse().context("an identifier")?;
        store.blobs().put(&model_key(gone), Bytes::from_static(b"file")).await?;
        let stuck = blobs.join(original_key(hash(1)));
        std::fs::remove_file(&stuck)?;
        std::fs::create_dir(&stuck)?;
        std::fs::write(stuck.join("inside"), "")?;

        let expected = Swept { images: 1, contents: 1, model_files: 1, left: 1, ..Swept::default() };
        assert_eq!(store.sweep(hours(25)).await?, expected);
        assert_eq!(is_there(&store, 2).await?, [false; 2]);
        // It is tried again, after those that have been marked meanwhile.
        assert_eq!(store.sweep(hours(27)).await?, Swept { contents: 1, left: 1, ..Swept::default() });
        assert_eq!(is_there(&store, 3).await?, [false; 2]);
        std::fs::remove_dir_all(&stuck)?;
        assert_eq!(store.sweep(hours(29)).await?, Swept { contents: 1, ..Swept::default() });
        assert_eq!(is_there(&store, 1).await?, [false; 2]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_fails_is_told_once_the_others_are_done() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        doomed(&store, 1).await?;
        let gone: ModelId = uuid::Uuid::now_v7().to_string().parse().context("an identifier")?;
        store.blobs().put(&model_key(gone), Bytes::from_static(b"file")).await?;
        // The rows of images can't be looked through.
        sqlx::query("ALTER TABLE images RENAME COLUMN deleted_at TO not_deleted_at")
            .execute(store.database.read())
            .await?;
        assert!(store.sweep(hours(3)).await.is_err());
        assert_eq!(is_there(&store, 1).await?, [false; 2]);
        assert!(!store.blobs().exists(&model_key(gone)).await?);
    }
    Ok(())
}
