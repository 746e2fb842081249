//! Embeddings.

use crate::fixture::{Fixture, PREPROCESSING, WEIGHTS, hash, on_both_databases};
use anyhow::Result;
use store::ContentHash;

on_both_databases! {
    are_missing_until_put a_backlog_is_worked_off are_shared_by_content unreadable_contents_are_left_alone
    what_was_unreadable_once_can_be_mended
}

async fn are_missing_until_put(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    let added = fixture.add(Some("cat"), 0..3).await?;
    assert!(!added[0].image.embedded);
    assert_eq!(store.projects_with_unembedded(WEIGHTS, PREPROCESSING).await?, [fixture.project]);
    let missing = async || store.unembedded(fixture.project, WEIGHTS, PREPROCESSING, 2).await;
    assert_eq!(missing().await?, [hash(0), hash(1)]);

    let numbers = vec![0.5, -1e-20, f32::MAX];
    store.put_embeddings(WEIGHTS, PREPROCESSING, &[(hash(1), numbers.clone()), (hash(0), vec![1.0])]).await?;
    // What is there stays.
    store.put_embeddings(WEIGHTS, PREPROCESSING, &[(hash(1), vec![2.0])]).await?;
    assert_eq!(missing().await?, [hash(2)]);
    assert!(store.image(fixture.owner, added[1].image.id).await?.embedded);
    let found = store.embeddings(&[hash(1), hash(2)], WEIGHTS, PREPROCESSING).await?;
    assert_eq!((found.len(), found.get(&hash(1))), (1, Some(&numbers)));

    // Other weights, or another preprocessing, make other embeddings.
    assert_eq!(store.unembedded(fixture.project, "other", PREPROCESSING, 9).await?.len(), 3);
    assert_eq!(store.embeddings(&[hash(1)], WEIGHTS, "other").await?.len(), 0);
    store.put_embeddings(WEIGHTS, PREPROCESSING, &[(hash(2), vec![3.0])]).await?;
    assert_eq!(store.projects_with_unembedded(WEIGHTS, PREPROCESSING).await?, []);
    Ok(())
}

async fn a_backlog_is_worked_off(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    let added = fixture.add(None, 0..10).await?;
    store.delete_image(fixture.owner, added[0].image.id).await?;
    let mut batches = Vec::new();
    loop {
        let batch = store.unembedded(fixture.project, WEIGHTS, PREPROCESSING, 4).await?;
        if batch.is_empty() {
            break;
        }
        // One that could not be done this time comes again.
        let done = &batch[..batch.len() - usize::from(batches.is_empty())];
        let embeddings: Vec<_> = done.iter().map(|hash| (*hash, vec![1.0])).collect();
        store.put_embeddings(WEIGHTS, PREPROCESSING, &embeddings).await?;
        batches.push(batch);
        if batches.len() == 2 {
            store.restore_images(fixture.owner, fixture.project, &[added[0].image.id]).await?;
        }
    }
    let expected = [vec![1, 2, 3, 4], vec![4, 5, 6, 7], vec![0, 8, 9]];
    assert_eq!(batches, expected.map(|batch| batch.into_iter().map(hash).collect::<Vec<_>>()));
    Ok(())
}

async fn are_shared_by_content(fixture: Fixture) -> Result<()> {
    let (store, owner) = (&fixture.store, fixture.owner);
    let embeddings: Vec<(ContentHash, Vec<f32>)> = (0..1_200).map(|i| (hash(i), vec![i as f32; 512])).collect();
    store.put_embeddings(WEIGHTS, PREPROCESSING, &embeddings).await?;
    let hashes: Vec<_> = embeddings.iter().map(|(hash, _)| *hash).collect();
    assert_eq!(store.embeddings(&hashes, WEIGHTS, PREPROCESSING).await?, embeddings.into_iter().collect());
    let other = store.create_project(owner, "other").await?;
    for project in [fixture.project, other.id] {
        let added = store.add_images(owner, project, None, Default::default(), &[crate::fixture::file(3)]).await?;
        assert!(added[0].image.embedded);
    }
    Ok(())
}

async fn unreadable_contents_are_left_alone(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    fixture.add(Some("cat"), 0..2).await?;
    fixture.add(Some("dog"), 2..4).await?;
    store.mark_unreadable(WEIGHTS, PREPROCESSING, hash(0), "the picture is damaged").await?;
    store.mark_unreadable(WEIGHTS, PREPROCESSING, hash(0), "again").await?;
    assert_eq!(store.unembedded(fixture.project, WEIGHTS, PREPROCESSING, 9).await?, [hash(1), hash(2), hash(3)]);
    assert_eq!(store.embeddings(&[hash(0)], WEIGHTS, PREPROCESSING).await?.len(), 0);
    let images = fixture.images(Default::default()).await?;
    assert!(images.items.iter().all(|image| !image.embedded));
    Ok(())
}

/// By looking at it all the same, by another upload of the same bytes, and by whoever has looked at the file.
async fn what_was_unreadable_once_can_be_mended(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    fixture.add(Some("cat"), 0..6).await?;
    for (content, problem) in (0..6).zip(["a", "b", "c", "d", "e", "f"]) {
        store.mark_unreadable(WEIGHTS, PREPROCESSING, hash(content), problem).await?;
    }
    store.mark_unreadable("other", PREPROCESSING, hash(3), "a").await?;
    let left = async || store.unembedded(fixture.project, WEIGHTS, PREPROCESSING, 9).await;
    assert_eq!(left().await?, []);

    // Twice in one go, as it may be asked for.
    let vector = vec![0.5, 0.25];
    store.put_embeddings(WEIGHTS, PREPROCESSING, &[(hash(0), vector.clone()), (hash(0), vector.clone())]).await?;
    assert_eq!(store.embeddings(&[hash(0)], WEIGHTS, PREPROCESSING).await?, [(hash(0), vector)].into());
    assert!(fixture.add(None, 0..1).await?[0].image.embedded);

    fixture.add(None, 1..2).await?;
    assert_eq!(left().await?, [hash(1)]);
    store.set_damaged(hash(2), true).await?;
    assert_eq!(left().await?, [hash(1)], "it is as unreadable as before");
    let unseen = async || -> Result<Vec<_>> {
        let mut found = Vec::new();
        // Page by page.
        while let [first, ..] = &store.unseen_contents(found.last().map(|(hash, _)| *hash), 1).await?[..] {
            found.push((first.hash, first.problem.clone()));
        }
        found.sort_by(|one, other| one.1.cmp(&other.1));
        Ok(found)
    };
    let told = |content: u32, problem: &str| (hash(content), problem.to_owned());
    assert_eq!(unseen().await?, [told(3, "a"), told(4, "e"), told(5, "f")], "the damaged one is told of otherwise");
    store.set_damaged(hash(2), false).await?;
    assert_eq!(left().await?, [hash(1), hash(2)]);
    store.forget_unseen(hash(3)).await?;
    assert_eq!(left().await?, [hash(1), hash(2), hash(3)]);
    assert_eq!(unseen().await?, [told(4, "e"), told(5, "f")]);

    // What is there is forgotten by none of these.
    store.forget_unseen(hash(0)).await?;
    assert_eq!(store.embeddings(&[hash(0)], WEIGHTS, PREPROCESSING).await?.len(), 1);
    Ok(())
}
