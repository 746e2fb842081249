//! Labels.

use crate::fixture::{Fixture, assert_error, on_both_databases};
use anyhow::Result;
use dto::{
    image::ImageQuery,
    label::{Label, LabelChange, PALETTE},
    limits::LABELS_PER_PROJECT,
};
use store::StoreError::{LabelExists, NotFound, TooMany};

on_both_databases! {
    names_are_unique_in_a_project colours_come_from_the_palette moving_keeps_positions_dense deleting_unlabels_images
    counts_follow_the_images there_is_a_limit
}

async fn names_are_unique_in_a_project(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    let cat = store.create_label(fixture.owner, fixture.project, "cat", None).await?;
    assert_error!(store.create_label(fixture.owner, fixture.project, "cat", None).await, LabelExists);
    // Case tells labels apart, as any other spelling does.
    store.create_label(fixture.owner, fixture.project, "Cat", None).await?;
    let other = store.create_project(fixture.owner, "other").await?;
    store.create_label(fixture.owner, other.id, "cat", None).await?;

    let rename = |name: &str| LabelChange { name: Some(name.into()), ..Default::default() };
    assert_error!(store.change_label(fixture.owner, cat.id, &rename("Cat")).await, LabelExists);
    let renamed = store.change_label(fixture.owner, cat.id, &rename("고양이")).await?;
    assert_eq!(renamed, Label { name: "고양이".into(), ..cat.clone() });
    assert_eq!(store.change_label(fixture.owner, cat.id, &rename("고양이")).await?, renamed);
    // The same word as macOS spells it in a folder's name: decomposed.
    let decomposed = "\u{1100}\u{1169}\u{110b}\u{1163}\u{11bc}\u{110b}\u{1175}";
    assert_error!(store.create_label(fixture.owner, fixture.project, decomposed, None).await, LabelExists);
    Ok(())
}

async fn colours_come_from_the_palette(fixture: Fixture) -> Result<()> {
    let create = async |name, color| {
        let label = fixture.store.create_label(fixture.owner, fixture.project, name, color).await;
        label.map(|label| label.color)
    };
    assert_eq!(create("own", Some(PALETTE[1])).await?, PALETTE[1]);
    assert_eq!(create("first", None).await?, PALETTE[0]);
    assert_eq!(create("second", None).await?, PALETTE[2]);
    Ok(())
}

async fn moving_keeps_positions_dense(fixture: Fixture) -> Result<()> {
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(store.create_label(owner, project, name, None).await?.id);
    }
    let order = async || -> Result<String> {
        let labels = store.labels(owner, project).await?;
        assert!(labels.iter().enumerate().all(|(i, label)| label.position as usize == i), "{labels:?}");
        Ok(labels.into_iter().map(|label| label.name).collect())
    };
    let to = |position| LabelChange { position: Some(position), ..Default::default() };
    for (label, position, expected) in
        [(0, 2, "bcad"), (3, 0, "dbca"), (1, 1, "dbca"), (3, 99, "bcad"), (2, u32::MAX, "badc"), (1, 0, "badc")]
    {
        store.change_label(owner, ids[label], &to(position)).await?;
        assert_eq!(order().await?, expected);
    }
    store.delete_label(owner, ids[0]).await?;
    assert_eq!(order().await?, "bdc");
    store.create_label(owner, project, "e", None).await?;
    assert_eq!(order().await?, "bdce");
    Ok(())
}

async fn deleting_unlabels_images(fixture: Fixture) -> Result<()> {
    let added = fixture.add(Some("cat"), 0..3).await?;
    fixture.store.delete_image(fixture.owner, added[2].image.id).await?;
    let cat = fixture.label_id("cat").await?;
    fixture.store.delete_label(fixture.owner, cat).await?;
    assert_error!(fixture.store.delete_label(fixture.owner, cat).await, NotFound("label"));
    fixture.store.restore_images(fixture.owner, fixture.project, &[added[2].image.id]).await?;
    let images = fixture.images(ImageQuery { unlabelled: Some(true), ..Default::default() }).await?;
    assert_eq!(images.items.len(), 3);
    Ok(())
}

async fn counts_follow_the_images(fixture: Fixture) -> Result<()> {
    let cats = fixture.add(Some("cat"), 0..3).await?;
    fixture.add(Some("dog"), 3..5).await?;
    fixture.store.create_label(fixture.owner, fixture.project, "none", None).await?;
    fixture.store.delete_image(fixture.owner, cats[0].image.id).await?;
    let labels = fixture.store.labels(fixture.owner, fixture.project).await?;
    let counts: Vec<_> = labels.iter().map(|label| (label.name.as_str(), label.image_count)).collect();
    assert_eq!(counts, [("cat", 2), ("dog", 2), ("none", 0)]);
    let cat = fixture.store.change_label(fixture.owner, labels[0].id, &LabelChange::default()).await?;
    assert_eq!(cat, labels[0]);
    Ok(())
}

async fn there_is_a_limit(fixture: Fixture) -> Result<()> {
    let pool = fixture.pool().await?;
    for position in 0..LABELS_PER_PROJECT as i64 {
        sqlx::query(
            "INSERT INTO labels (id, project_id, name, color, position, created_at) VALUES ($1, $2, $1, '', $3, 0)",
        )
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(fixture.project.to_string())
        .bind(position)
        .execute(&pool)
        .await?;
    }
    let refused = fixture.store.create_label(fixture.owner, fixture.project, "one more", None).await;
    assert_error!(refused, TooMany { what: "labels", .. });
    Ok(())
}
