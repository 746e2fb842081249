//! Results.

use crate::fixture::{Fixture, assert_error, on_both_databases};
use anyhow::Result;
use dto::{label::LabelChange, result::ResultQuery};
use store::StoreError::BadCursor;

on_both_databases! {
    come_surest_first_in_pages mistakes_are_against_the_label_of_now are_of_images_that_are_there
    wait_for_the_run_to_finish labels_have_their_names_of_now
}

async fn come_surest_first_in_pages(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    // Equal probabilities on either side of a page's end.
    sqlx::query("UPDATE results SET probability = 0.1 + 0.2 WHERE probability > 0.7 AND probability < 0.95")
        .execute(&fixture.pool().await?)
        .await?;
    let mut found = Vec::new();
    let mut query = ResultQuery { limit: Some(2), ..Default::default() };
    loop {
        let page = fixture.store.results(fixture.owner, model.id, &query).await?;
        found.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    assert!(found.is_sorted_by(
        |a, b| (b.probability, a.image_id) < (a.probability, b.image_id) || b.probability < a.probability
    ));
    assert_eq!((found.len(), found[0].image_id, found[0].probability), (10, images[0], 0.95));
    query.cursor = Some("0102".into());
    assert_error!(fixture.store.results(fixture.owner, model.id, &query).await, BadCursor);
    Ok(())
}

async fn mistakes_are_against_the_label_of_now(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    let (store, owner) = (&fixture.store, fixture.owner);
    let query = ResultQuery { mistakes: Some(true), ..Default::default() };
    let mistakes = async || -> Result<Vec<_>> { Ok(store.results(owner, model.id, &query).await?.items) };
    let found = mistakes().await?;
    assert_eq!(found.len(), 1);
    let mistake = &found[0];
    assert_eq!((mistake.image_id, mistake.out_of_fold), (images[0], true));
    assert_eq!((mistake.label_at_training.as_str(), mistake.predicted.as_str()), ("cat", "dog"));
    assert_eq!((mistake.current_label.as_deref(), mistake.file_name.as_str()), (Some("cat"), "Photo 0.JPG"));

    // Relabelled as predicted, it is no mistake any more; another that now differs is one.
    let [cat, dog] = [fixture.label_id("cat").await?, fixture.label_id("dog").await?];
    store.set_label(owner, images[0], Some(dog)).await?;
    assert_eq!(mistakes().await?, []);
    store.set_label(owner, images[9], Some(cat)).await?;
    let found = mistakes().await?;
    assert_eq!((found.len(), found[0].image_id, found[0].label_at_training.as_str()), (1, images[9], "dog"));
    // Without a label there is nothing to differ from.
    store.set_label(owner, images[9], None).await?;
    assert_eq!(mistakes().await?, []);
    let all = store.results(owner, model.id, &ResultQuery::default()).await?;
    assert!(all.items.iter().any(|result| result.image_id == images[9] && result.current_label.is_none()));
    Ok(())
}

async fn are_of_images_that_are_there(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    store.delete_images(owner, project, &images[..2]).await?;
    assert_eq!(store.results(owner, model.id, &ResultQuery::default()).await?.items.len(), 8);
    store.restore_images(owner, project, &images[..2]).await?;
    assert_eq!(store.results(owner, model.id, &ResultQuery::default()).await?.items.len(), 10);
    Ok(())
}

async fn wait_for_the_run_to_finish(fixture: Fixture) -> Result<()> {
    fixture.trained().await?;
    let model = fixture.model().await?;
    assert_eq!(fixture.store.results(fixture.owner, model.id, &ResultQuery::default()).await?.items, []);
    Ok(())
}

async fn labels_have_their_names_of_now(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    let rename = LabelChange { name: Some("kitten".into()), ..Default::default() };
    fixture.store.change_label(fixture.owner, fixture.label_id("cat").await?, &rename).await?;
    fixture.store.delete_label(fixture.owner, fixture.label_id("dog").await?).await?;
    let all = fixture.store.results(fixture.owner, model.id, &ResultQuery::default()).await?.items;
    let first = all.iter().find(|result| result.image_id == images[0]).expect("one of ten");
    assert_eq!((first.label_at_training.as_str(), first.predicted.as_str()), ("kitten", "dog"));
    assert_eq!(first.current_label.as_deref(), Some("kitten"));
    let last = all.iter().find(|result| result.image_id == images[9]).expect("one of ten");
    assert_eq!((last.label_at_training.as_str(), last.current_label_id), ("dog", None));
    Ok(())
}
