//! Many at once: each gets an answer that could have come alone.

use crate::fixture::{Fixture, new_model, on_both_databases};
use anyhow::Result;
use dto::image::Source;
use std::{collections::BTreeSet, future::Future};
use store::{Quotas, Store, StoreError};

on_both_databases! {
    one_of_many_makes_the_label one_of_many_takes_the_name versions_are_given_out_once uploads_of_the_same_files
    the_quota_is_never_overrun labels_and_uploads_do_not_deadlock
}

/// Runs a call twenty times at once, over two handles, as two processes would.
async fn at_once<T, F>(fixture: &Fixture, call: impl Fn(Store, usize) -> F) -> Result<Vec<store::Result<T>>>
where
    T: Send + 'static,
    F: Future<Output = store::Result<T>> + Send + 'static,
{
    let stores = [fixture.store.clone(), fixture.reopen().await?];
    let tasks: Vec<_> = (0..20).map(|i| tokio::spawn(call(stores[i % 2].clone(), i))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await?);
    }
    Ok(results)
}

async fn one_of_many_makes_the_label(fixture: Fixture) -> Result<()> {
    let (owner, project) = (fixture.owner, fixture.project);
    let results =
        at_once(&fixture, |store, _| async move { store.create_label(owner, project, "cat", None).await }).await?;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(StoreError::LabelExists))), "{results:?}");
    Ok(())
}

async fn one_of_many_takes_the_name(fixture: Fixture) -> Result<()> {
    let results = at_once(&fixture, |store, i| async move {
        store.create_user(if i % 3 == 0 { "Ann" } else { "ann" }, "hash", "First").await
    })
    .await?;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(StoreError::UsernameTaken))), "{results:?}");
    Ok(())
}

async fn versions_are_given_out_once(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let (owner, project) = (fixture.owner, fixture.project);
    let results =
        at_once(&fixture, |store, _| async move { store.create_model(owner, project, &new_model()).await }).await?;
    let versions = results.into_iter().map(|result| result.map(|model| model.version));
    assert_eq!(versions.collect::<Result<BTreeSet<_>, _>>()?, (2..=21).collect());
    Ok(())
}

async fn uploads_of_the_same_files(fixture: Fixture) -> Result<()> {
    let (owner, project) = (fixture.owner, fixture.project);
    let results = at_once(&fixture, |store, i| async move {
        let mut files: Vec<_> = (0..10).map(crate::fixture::file).collect();
        files.rotate_left(i % 10);
        store.add_images(owner, project, Some("cat"), Source::Upload, &files).await
    })
    .await?;
    let added: Vec<_> = results.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
    assert_eq!(added.iter().filter(|added| !added.duplicate).count(), 10);
    let project = fixture.store.project(owner, project).await?;
    assert_eq!((project.image_count, project.labelled_count, project.label_count), (10, 10, 1));
    Ok(())
}

async fn the_quota_is_never_overrun(fixture: Fixture) -> Result<()> {
    let owner = fixture.owner;
    let projects = [fixture.project, fixture.store.create_project(owner, "other").await?.id];
    let results = at_once(&fixture, |store, i| async move {
        let files = [crate::fixture::file(i as u32)];
        store.set_quotas(Quotas { images: 7, ..Quotas::default() });
        store.add_images(owner, projects[i % 2], None, Source::Upload, &files).await
    })
    .await?;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 7);
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(StoreError::TooMany { .. }))), "{results:?}");
    Ok(())
}

async fn labels_and_uploads_do_not_deadlock(fixture: Fixture) -> Result<()> {
    let (owner, project) = (fixture.owner, fixture.project);
    let ids: Vec<_> = fixture.add(Some("cat"), 0..50).await?.iter().map(|added| added.image.id).collect();
    let results = at_once(&fixture, |store, i| {
        let mut ids = ids.clone();
        async move {
            ids.rotate_left(i);
            match i % 5 {
                0 => {
                    let label = store.create_label(owner, project, &format!("label {i}"), None).await?;
                    store.set_labels(owner, project, &ids, Some(label.id)).await?;
                    store.delete_label(owner, label.id).await
                }
                1 => store.set_label(owner, ids[0], None).await.map(drop),
                2 => store.delete_images(owner, project, &ids[..9]).await.map(drop),
                3 => store.restore_images(owner, project, &ids).await.map(drop),
                _ => {
                    let files: Vec<_> = (0..50).rev().map(crate::fixture::file).collect();
                    store.add_images(owner, project, Some("dog"), Source::Upload, &files).await.map(drop)
                }
            }
        }
    })
    .await?;
    // Another may have deleted the image first; nothing else may happen.
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(StoreError::NotFound("image")))), "{results:?}");
    Ok(())
}
