//! An upload and a sweeper with the same bytes at the same time: whoever comes first, no row is without its files.

use super::{REMEMBERED, Swept, UNREFERENCED, contents::claim};
use crate::{
    ContentHash, NewModel, Store, StoreError, backbone_key, checkpoint_key,
    clock::now,
    images::RESTORABLE,
    model_key, original_key,
    testing::{Place, picture, somebody},
    thumbnail_key,
};
use anyhow::{Context, Result};
use bytes::Bytes;
use dto::{
    ModelId, Timestamp,
    image::Source,
    model::{Backbone, Mode, Settings},
};
use std::time::Duration;
use tokio::time::timeout;

/// How long something has to be stuck to count as waiting.
const STUCK: Duration = Duration::from_millis(300);

pub(super) fn hash(content: u8) -> ContentHash {
    picture(content).content_hash
}

fn after(time: Duration) -> Timestamp {
    Timestamp::from_millis(now().millis() + time.as_millis() as i64)
}

/// A little more than long enough.
pub(super) fn hours(count: u64) -> Timestamp {
    after(Duration::from_secs(count * 3600 + 60))
}

pub(super) async fn put(store: &Store, content: u8) -> Result<()> {
    store.blobs().put(&thumbnail_key(hash(content)), Bytes::from_static(b"jpg")).await?;
    Ok(store.blobs().put(&original_key(hash(content)), Bytes::from_static(b"abc")).await?)
}

pub(super) async fn is_there(store: &Store, content: u8) -> Result<[bool; 2]> {
    Ok([
        store.blobs().exists(&original_key(hash(content))).await?,
        store.blobs().exists(&thumbnail_key(hash(content))).await?,
    ])
}

/// What is put without a row is removed by a sweep two hours later, once one has marked it an hour before.
pub(super) async fn doomed(store: &Store, content: u8) -> Result<()> {
    put(store, content).await?;
    assert_eq!(store.sweep(hours(1)).await?, Swept::default());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_without_a_row_go_after_an_hour_and_those_with_one_stay() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        for content in 1..=3 {
            put(&store, content).await?;
        }
        store.add_images(owner, project, None, Source::Upload, &[picture(1)]).await?;
        store.put_embeddings("w", "p", &[(hash(1), vec![1.0]), (hash(2), vec![1.0]), (hash(9), vec![1.0])]).await?;
        assert_eq!(store.sweep(now()).await?, Swept::default(), "everything is new");
        assert_eq!(store.sweep(hours(1)).await?, Swept::default(), "nothing had a mark");
        assert_eq!(store.sweep(hours(1)).await?, Swept::default(), "the marks are new");
        // Two sweepers at once do no harm.
        let other = place.open().await?;
        let (one, two) = tokio::join!(store.sweep(hours(3)), other.sweep(hours(3)));
        assert_eq!(one?.contents + two?.contents, 3, "two files, and an embedding of neither");
        assert_eq!(is_there(&store, 1).await?, [true; 2]);
        assert_eq!((is_there(&store, 2).await?, is_there(&store, 3).await?), ([false; 2], [false; 2]));
        let left = store.embeddings(&[hash(1), hash(2), hash(9)], "w", "p").await?;
        assert_eq!(left.into_keys().collect::<Vec<_>>(), [hash(1)]);
        let marks = "SELECT COUNT(*) FROM doomed_blobs";
        assert_eq!(sqlx::query_scalar::<_, i64>(marks).fetch_one(store.database.read()).await?, 3, "remembered");
        store.sweep(after(REMEMBERED + 4 * UNREFERENCED)).await?;
        assert_eq!(sqlx::query_scalar::<_, i64>(marks).fetch_one(store.database.read()).await?, 0);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_images_go_after_a_day_and_their_files_after_that() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        for content in 1..=2 {
            put(&store, content).await?;
        }
        let added = store.add_images(owner, project, None, Source::Upload, &[picture(1), picture(2)]).await?;
        let ids: Vec<_> = added.iter().map(|added| added.image.id).collect();
        store.delete_images(owner, project, &ids).await?;
        assert_eq!(store.sweep(hours(23)).await?, Swept::default());
        store.restore_images(owner, project, &ids[..1]).await?;
        assert_eq!(store.sweep(hours(24)).await?.images, 1);
        assert!(matches!(store.restore_images(owner, project, &ids[1..]).await, Err(StoreError::NotFound(_))));
        assert_eq!(store.sweep(hours(24)).await?, Swept::default(), "an hour without a reference has yet to pass");
        assert_eq!(store.sweep(hours(26)).await?.contents, 1);
        assert_eq!((is_there(&store, 1).await?, is_there(&store, 2).await?), ([true; 2], [false; 2]));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_after_the_sweeper_is_told_to_come_again() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        doomed(&store, 1).await?;
        // The sweeper has claimed the mark and is about to remove the files.
        let mut sweeper = store.database.write().await?;
        let later = hours(3).millis();
        assert!(claim(&mut sweeper, hash(1), later, later - UNREFERENCED.as_millis() as i64).await?);
        let other = place.open().await?;
        let mut upload = tokio::spawn(async move {
            other.add_images(owner, project, None, Source::Upload, &[picture(1), picture(2)]).await
        });
        assert!(timeout(STUCK, &mut upload).await.is_err(), "it waits for the sweeper");
        store.erase(&mut sweeper, hash(1)).await?;
        sweeper.commit().await?;
        assert!(matches!(upload.await?, Err(StoreError::Unavailable(_))), "its file is gone");
        assert_eq!(store.project(owner, project).await?.image_count, 0);
        // Sent again, it brings its files along.
        put(&store, 1).await?;
        store.add_images(owner, project, None, Source::Upload, &[picture(1)]).await?;
        store.sweep(hours(9)).await?;
        store.sweep(hours(12)).await?;
        assert_eq!(is_there(&store, 1).await?, [true; 2]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sweeper_after_an_upload_removes_nothing() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        doomed(&store, 1).await?;
        // The upload has written its rows and is about to commit.
        let mut upload = store.database.write().await?;
        store.add_in(&mut upload, owner, project, None, Source::Upload, &[picture(1)]).await?;
        let other = place.open().await?;
        let mut sweeper = tokio::spawn(async move { other.sweep(hours(3)).await });
        assert!(timeout(STUCK, &mut sweeper).await.is_err(), "it waits for the upload");
        upload.commit().await?;
        assert_eq!(sweeper.await??, Swept::default());
        assert_eq!(is_there(&store, 1).await?, [true; 2]);

        // The same, but the upload comes to nothing.
        doomed(&store, 2).await?;
        let mut upload = store.database.write().await?;
        store.add_in(&mut upload, owner, project, None, Source::Upload, &[picture(2)]).await?;
        drop(upload);
        assert_eq!(store.sweep(hours(3)).await?.contents, 1);
        assert_eq!(is_there(&store, 2).await?, [false; 2]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_have_just_been_put_again_stay() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        put(&store, 1).await?;
        // Marked long ago, and put again now: the row is about to follow.
        sqlx::query("INSERT INTO doomed_blobs (content_hash, since) VALUES ($1, 0)")
            .bind(hash(1).to_string())
            .execute(store.database.read())
            .await?;
        assert_eq!(store.sweep(now()).await?, Swept::default());
        store.add_images(owner, project, None, Source::Upload, &[picture(1)]).await?;
        assert_eq!(is_there(&store, 1).await?, [true; 2]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_has_yet_to_learn_keeps_its_pictures() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        let mut ids = Vec::new();
        for content in 1..=4 {
            put(&store, content).await?;
            let label = if content < 3 { "cat" } else { "dog" };
            let added = store.add_images(owner, project, Some(label), Source::Upload, &[picture(content)]).await?;
            ids.push(added[0].image.id);
        }
        let new = NewModel {
            mode: Mode::FineTune,
            backbone: Backbone::Resnet18,
            weights_sha256: "w".into(),
            preprocessing: "p".into(),
            settings: Settings::default(),
            draft: false,
        };
        let run = store.create_model(owner, project, &new).await?.id;
        store.delete_images(owner, project, &ids).await?;
        assert_eq!(store.sweep(after(RESTORABLE * 2)).await?.images, 4);
        store.sweep(after(RESTORABLE * 2)).await?;
        assert_eq!(store.sweep(after(RESTORABLE * 3)).await?, Swept::default());
        store.request_cancel(owner, run).await?;
        store.sweep(after(RESTORABLE * 3)).await?;
        assert_eq!(store.sweep(after(RESTORABLE * 4)).await?.contents, 4);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_models_that_are_gone_go_too() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        for content in 1..=4 {
            let label = if content < 3 { "cat" } else { "dog" };
            store.add_images(owner, project, Some(label), Source::Upload, &[picture(content)]).await?;
        }
        let new = NewModel {
            mode: Mode::FineTune,
            backbone: Backbone::Resnet18,
            weights_sha256: "w".into(),
            preprocessing: "p".into(),
            settings: Settings::default(),
            draft: false,
        };
        let model = store.create_model(owner, project, &new).await?.id;
        let gone: ModelId = uuid::Uuid::now_v7().to_string().parse().context("an identifier")?;
        for key in [model_key(model), checkpoint_key(model), model_key(gone), backbone_key(gone)] {
            store.blobs().put(&key, Bytes::from_static(b"file")).await?;
        }
        let half_written = place.config.data_dir.join("blobs/models/half.safetensors#1");
        std::fs::write(&half_written, "half")?;
        assert_eq!(store.sweep(now()).await?, Swept::default());
        assert_eq!(store.sweep(hours(1)).await?, Swept { model_files: 2, unfinished: 1, ..Swept::default() });
        assert!(store.blobs().exists(&checkpoint_key(model)).await?, "the run may go on");
        assert!(!half_written.exists());
        store.request_cancel(owner, model).await?;
        assert_eq!(store.sweep(hours(1)).await?, Swept { model_files: 1, ..Swept::default() });
        assert!(store.blobs().exists(&model_key(model)).await?);
    }
    Ok(())
}
