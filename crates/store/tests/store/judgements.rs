//! What models say of labels, and what people answer.

use crate::fixture::{Fixture, assert_error, new_model, on_both_databases};
use anyhow::Result;
use dto::{
    evaluation::LabelErrorQuery,
    model::{Mode, Status},
    result::ResultQuery,
};
use store::{
    NewModel,
    StoreError::{NoModel, NotFound},
};

on_both_databases! {
    doubted_labels_come_first_until_settled count_what_changed_since suggestions_never_overwrite
    drafts_replace_one_another a_version_ends_the_draft
}

async fn doubted_labels_come_first_until_settled(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    let (store, owner) = (&fixture.store, fixture.owner);
    let query = LabelErrorQuery { limit: Some(4), ..Default::default() };
    let first = store.label_errors(owner, model.id, &query).await?;
    assert_eq!((first.items.len(), first.items[0].image_id, first.items[0].likely), (4, images[0], true));
    assert_eq!((first.items[0].given.as_str(), first.items[0].suggested.as_str()), ("cat", "dog"));
    assert!(first.items.is_sorted_by(|a, b| a.suspicion >= b.suspicion));
    let next = LabelErrorQuery { cursor: first.next_cursor, ..query };
    assert_eq!(store.label_errors(owner, model.id, &next).await?.items[0].image_id, images[4]);

    let likely = LabelErrorQuery { likely: Some(true), ..Default::default() };
    let mistakes = ResultQuery { mistakes: Some(true), ..Default::default() };
    assert_eq!(store.label_errors(owner, model.id, &likely).await?.items.len(), 1);
    assert_eq!(store.results(owner, model.id, &mistakes).await?.items.len(), 1);
    // Somebody says that the label is right: both lists believe it, until the label changes.
    assert_eq!(store.confirm_labels(owner, fixture.project, &images[..1], true).await?, 1);
    assert_eq!(store.label_errors(owner, model.id, &likely).await?.items, []);
    assert_eq!(store.results(owner, model.id, &mistakes).await?.items, []);
    assert!(store.results(owner, model.id, &ResultQuery::default()).await?.items[0].confirmed);
    let [cat, dog] = [fixture.label_id("cat").await?, fixture.label_id("dog").await?];
    store.set_label(owner, images[0], Some(dog)).await?;
    assert_eq!(store.label_errors(owner, model.id, &likely).await?.items, []);
    store.set_label(owner, images[0], None).await?;
    store.confirm_labels(owner, fixture.project, &images[..1], true).await?;
    store.set_label(owner, images[0], Some(cat)).await?;
    assert_eq!(store.label_errors(owner, model.id, &likely).await?.items.len(), 1);
    Ok(())
}

async fn count_what_changed_since(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    let (store, owner) = (&fixture.store, fixture.owner);
    let counts = async || -> Result<_> {
        let changed = store.changed_since(owner, model.id).await?;
        Ok((changed.relabelled, changed.deleted))
    };
    assert_eq!(counts().await?, (0, 0));
    store.set_label(owner, images[0], None).await?;
    store.set_label(owner, images[9], Some(fixture.label_id("cat").await?)).await?;
    store.delete_image(owner, images[1]).await?;
    assert_eq!(counts().await?, (2, 1));
    let judged = store.judgements(owner, model.id).await?;
    assert_eq!(judged.len(), 10);
    assert_eq!(
        (judged[0].probability, judged[0].given_probability, judged[0].out_of_fold),
        (Some(0.95), Some(0.05), true)
    );
    Ok(())
}

async fn suggestions_never_overwrite(fixture: Fixture) -> Result<()> {
    let (_, images) = fixture.trained().await?;
    let (store, owner) = (&fixture.store, fixture.owner);
    let [cat, dog] = [fixture.label_id("cat").await?, fixture.label_id("dog").await?];
    let new = fixture.add(None, 20..23).await?;
    let ids: Vec<_> = new.iter().map(|added| added.image.id).collect();
    store.delete_image(owner, ids[2]).await?;
    let mut asked = ids.clone();
    asked.push(images[0]);
    let accepted = store.accept_labels(owner, fixture.project, &[(dog, asked)]).await?;
    assert_eq!(accepted, [(dog, ids[..2].to_vec())]);
    assert_eq!(store.image(owner, images[0]).await?.label_id, Some(cat));

    // One label that is gone, and nothing is written.
    let more = fixture.add(None, 30..31).await?;
    store.delete_label(owner, dog).await?;
    let both = [(cat, vec![more[0].image.id]), (dog, vec![more[0].image.id])];
    assert_error!(store.accept_labels(owner, fixture.project, &both).await, NotFound("label"));
    assert_eq!(store.image(owner, more[0].image.id).await?.label_id, None);
    Ok(())
}

async fn drafts_replace_one_another(fixture: Fixture) -> Result<()> {
    let (version, _) = fixture.trained().await?;
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let draft = NewModel { draft: true, ..new_model() };
    let first = store.create_model(owner, project, &draft).await?;
    assert_eq!((first.draft, first.version, first.status), (true, 0, Status::Queued));
    assert!(store.is_drafting(project).await?);
    fixture.finish(first.id).await?;
    assert_eq!(store.newest_instant_model(owner, project).await?.id, first.id);

    // It is no version: neither listed nor predicted with.
    let seen = store.project(owner, project).await?;
    assert_eq!((seen.draft_model_id, seen.active_model_id), (Some(first.id), Some(version.id)));
    assert_eq!(seen.latest_model_id, Some(version.id));
    assert_eq!(store.models(owner, project, None, 10).await?.items.len(), 1);
    assert_eq!(store.active_model(owner, project).await?.id, version.id);

    // One that did not get ready is cleared away by the next; the one that is ready stays until another is.
    let second = store.create_model(owner, project, &draft).await?;
    let third = store.create_model(owner, project, &draft).await?;
    assert_error!(store.model(owner, second.id).await, NotFound("model"));
    assert_eq!(store.newest_instant_model(owner, project).await?.id, first.id);
    fixture.finish(third.id).await?;
    assert_error!(store.model(owner, first.id).await, NotFound("model"));
    assert_eq!(store.newest_instant_model(owner, project).await?.id, third.id);
    Ok(())
}

async fn a_version_ends_the_draft(fixture: Fixture) -> Result<()> {
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    assert_error!(store.newest_instant_model(owner, project).await, NoModel);
    fixture.trained().await?;
    let draft = store.create_model(owner, project, &NewModel { draft: true, ..new_model() }).await?;
    fixture.finish(draft.id).await?;
    let version = fixture.model().await?;
    assert_eq!(version.version, 2);
    fixture.finish(version.id).await?;
    assert_eq!(store.newest_instant_model(owner, project).await?.id, version.id);
    assert_eq!(store.project(owner, project).await?.draft_model_id, None);
    // A fine-tuned model has a backbone of its own, which no stored embedding is from.
    let tuned = store.create_model(owner, project, &NewModel { mode: Mode::FineTune, ..new_model() }).await?;
    fixture.finish(tuned.id).await?;
    assert_eq!(store.newest_instant_model(owner, project).await?.id, version.id);
    Ok(())
}
