//! Images.

use crate::fixture::{Fixture, assert_error, file, hash, on_both_databases};
use anyhow::Result;
use dto::{
    ImageId,
    image::{ImageQuery, Source},
    limits::IDS_PER_REQUEST,
};
use std::collections::HashSet;
use store::{
    Quotas,
    StoreError::{BadCursor, NotFound, TooMany},
};
use uuid::Uuid;

on_both_databases! {
    the_same_bytes_are_one_image twice_in_one_request_too deleted_bytes_come_back_as_new the_quota_holds_for_the_user
    a_failed_upload_leaves_nothing are_listed_newest_first are_filtered are_searched_by_name take_labels_of_their_project
    bulk_changes_are_all_or_nothing deletion_can_be_undone_for_a_day ten_thousand_at_once
}

async fn the_same_bytes_are_one_image(fixture: Fixture) -> Result<()> {
    let first = fixture.add(None, 0..2).await?;
    assert!(first.iter().all(|added| !added.duplicate && added.kept_label_id.is_none()));
    let labelled = fixture.add(Some("cat"), 0..1).await?;
    let cat = fixture.label_id("cat").await?;
    assert!(labelled[0].duplicate);
    assert_eq!((labelled[0].image.id, labelled[0].image.label_id), (first[0].image.id, Some(cat)));
    assert_eq!(labelled[0].kept_label_id, None);

    let mixed = fixture.add(Some("dog"), 0..3).await?;
    let dog = fixture.label_id("dog").await?;
    let outcomes: Vec<_> =
        mixed.iter().map(|added| (added.duplicate, added.image.label_id, added.kept_label_id)).collect();
    assert_eq!(outcomes, [(true, Some(cat), Some(cat)), (true, Some(dog), None), (false, Some(dog), None)]);

    let unlabelled = fixture.add(None, 0..1).await?;
    assert_eq!((unlabelled[0].image.label_id, unlabelled[0].kept_label_id), (Some(cat), None));
    // Another project has images of its own.
    let other = fixture.store.create_project(fixture.owner, "other").await?;
    let added = fixture.store.add_images(fixture.owner, other.id, None, Source::Webcam, &[file(0)]).await?;
    assert!(!added[0].duplicate);
    assert_eq!(added[0].image.source, Source::Webcam);
    Ok(())
}

async fn twice_in_one_request_too(fixture: Fixture) -> Result<()> {
    let mut renamed = file(0);
    renamed.file_name = "copy\0.jpg".into();
    let files = [file(0), renamed.clone(), file(1)];
    let (owner, project) = (fixture.owner, fixture.project);
    let added = fixture.store.add_images(owner, project, Some("cat"), Source::Import, &files).await?;
    assert_eq!(added.iter().map(|added| added.duplicate).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(added[0].image, added[1].image);
    assert_eq!(added[0].image.file_name, "Photo 0.JPG");
    assert_eq!(fixture.store.project(owner, project).await?.image_count, 2);
    // PostgreSQL has no U+0000 in text.
    renamed.content_hash = hash(9);
    let added = fixture.store.add_images(owner, project, None, Source::Upload, &[renamed]).await?;
    assert_eq!(added[0].image.file_name, "copy\u{fffd}.jpg");
    Ok(())
}

async fn deleted_bytes_come_back_as_new(fixture: Fixture) -> Result<()> {
    let old = fixture.add(Some("cat"), 0..2).await?;
    fixture.store.delete_image(fixture.owner, old[0].image.id).await?;
    let new = fixture.add(Some("dog"), 0..1).await?;
    assert!(!new[0].duplicate && new[0].kept_label_id.is_none());
    assert!(new[0].image.id > old[1].image.id);
    assert_eq!(new[0].image.label_id, Some(fixture.label_id("dog").await?));
    assert_eq!(fixture.images(ImageQuery::default()).await?.items.len(), 2);
    Ok(())
}

async fn the_quota_holds_for_the_user(fixture: Fixture) -> Result<()> {
    let (store, owner) = (&fixture.store, fixture.owner);
    let other = store.create_project(owner, "other").await?;
    let added = fixture.add(None, 0..3).await?;
    let files = [file(3), file(4)];
    store.set_quotas(Quotas { images: 4, ..Quotas::default() });
    assert_error!(
        store.add_images(owner, other.id, None, Source::Upload, &files).await,
        TooMany { what: "pictures", limit: 4 }
    );
    let deleted = added[0].image.id;
    store.delete_image(owner, deleted).await?;
    store.add_images(owner, other.id, None, Source::Upload, &files).await?;
    // Duplicates need no room, and neither does what was never deleted.
    store.add_images(owner, other.id, None, Source::Upload, &files).await?;
    assert_eq!(store.restore_images(owner, fixture.project, &[added[1].image.id]).await?, 0);
    // What took the room of deleted images keeps it.
    let restored = store.restore_images(owner, fixture.project, &[deleted]).await;
    assert_error!(restored, TooMany { what: "pictures", limit: 4 });
    store.set_quotas(Quotas { bytes: 450_000, ..Quotas::default() });
    let restored = store.restore_images(owner, fixture.project, &[deleted]).await;
    assert_error!(restored, TooMany { what: "bytes", .. });
    assert_eq!(store.project(owner, fixture.project).await?.image_count, 2);
    Ok(())
}

async fn a_failed_upload_leaves_nothing(fixture: Fixture) -> Result<()> {
    fixture.store.set_quotas(Quotas { images: 0, ..Quotas::default() });
    let refused =
        fixture.store.add_images(fixture.owner, fixture.project, Some("cat"), Source::Upload, &[file(0)]).await;
    assert_error!(refused, TooMany { .. });
    assert_eq!(fixture.store.labels(fixture.owner, fixture.project).await?, []);
    Ok(())
}

async fn are_listed_newest_first(fixture: Fixture) -> Result<()> {
    let ids: Vec<_> = fixture.add(None, 0..7).await?.into_iter().rev().map(|added| added.image.id).collect();
    let mut listed = Vec::new();
    let mut cursor = None;
    loop {
        let page = fixture.images(ImageQuery { cursor, limit: Some(3), ..Default::default() }).await?;
        listed.extend(page.items.iter().map(|image| image.id));
        cursor = page.next_cursor;
        if listed.len() == 3 {
            // What is added or deleted meanwhile moves nothing.
            fixture.add(None, 7..8).await?;
            fixture.store.delete_image(fixture.owner, listed[2]).await?;
        }
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(listed, ids);
    for cursor in ["", "zz", "02ff", "' OR 1=1"] {
        let query = ImageQuery { cursor: Some(cursor.into()), ..Default::default() };
        let refused = fixture.store.images(fixture.owner, fixture.project, &query).await;
        assert_error!(refused, BadCursor);
    }
    Ok(())
}

async fn are_filtered(fixture: Fixture) -> Result<()> {
    fixture.add(Some("cat"), 0..3).await?;
    fixture.add(Some("dog"), 3..5).await?;
    fixture.add(None, 5..6).await?;
    let count = async |query: ImageQuery| -> Result<usize> { Ok(fixture.images(query).await?.items.len()) };
    let cat = Some(fixture.label_id("cat").await?);
    assert_eq!(count(ImageQuery::default()).await?, 6);
    assert_eq!(count(ImageQuery { label: cat, ..Default::default() }).await?, 3);
    assert_eq!(count(ImageQuery { unlabelled: Some(true), ..Default::default() }).await?, 1);
    assert_eq!(count(ImageQuery { unlabelled: Some(false), ..Default::default() }).await?, 5);
    assert_eq!(count(ImageQuery { label: cat, q: Some("to 2.j".into()), ..Default::default() }).await?, 1);
    Ok(())
}

async fn are_searched_by_name(fixture: Fixture) -> Result<()> {
    // The last as macOS sends it: decomposed.
    let names = ["Été_1.jpg", "100%.png", r"a\b.jpg", "\u{1100}\u{1169}\u{110b}\u{1163}.jpg"];
    let files: Vec<_> =
        (0..).zip(names).map(|(i, name)| store::NewImage { file_name: name.into(), ..file(i) }).collect();
    fixture.store.add_images(fixture.owner, fixture.project, None, Source::Upload, &files).await?;
    let cases: [(&str, &[&str]); 9] = [
        ("éTÉ", &names[..1]),
        ("_", &names[..1]),
        ("%", &names[1..2]),
        (r"\", &names[2..3]),
        ("고야", &names[3..]),
        ("JPG", &[names[3], names[2], names[0]]),
        ("'", &[]),
        ("\0", &[]),
        ("", &[names[3], names[2], names[1], names[0]]),
    ];
    for (q, expected) in cases {
        let found = fixture.images(ImageQuery { q: Some(q.into()), ..Default::default() }).await?;
        let found: Vec<_> = found.items.iter().map(|image| image.file_name.as_str()).collect();
        assert_eq!(found, expected, "{q}");
    }
    Ok(())
}

async fn take_labels_of_their_project(fixture: Fixture) -> Result<()> {
    let (store, owner) = (&fixture.store, fixture.owner);
    let image = fixture.add(Some("cat"), 0..1).await?.remove(0).image;
    let dog = store.create_label(owner, fixture.project, "dog", None).await?.id;
    assert_eq!(store.set_label(owner, image.id, Some(dog)).await?.label_id, Some(dog));
    assert_eq!(store.set_label(owner, image.id, None).await?.label_id, None);
    let other = store.create_project(owner, "other").await?;
    let foreign = store.create_label(owner, other.id, "dog", None).await?.id;
    assert_error!(store.set_label(owner, image.id, Some(foreign)).await, NotFound("label"));
    let refused = store.set_labels(owner, fixture.project, &[image.id], Some(foreign)).await;
    assert_error!(refused, NotFound("label"));

    let stored = store.image_file(owner, image.id).await?;
    assert_eq!((stored.content_hash, stored.format.as_str()), (hash(0), "jpeg"));
    store.delete_image(owner, image.id).await?;
    assert_error!(store.set_label(owner, image.id, Some(dog)).await, NotFound("image"));
    assert_error!(store.image(owner, image.id).await, NotFound("image"));
    assert_error!(store.image_file(owner, image.id).await, NotFound("image"));
    assert_error!(store.delete_image(owner, image.id).await, NotFound("image"));
    Ok(())
}

async fn bulk_changes_are_all_or_nothing(fixture: Fixture) -> Result<()> {
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let mut ids: Vec<_> = fixture.add(None, 0..3).await?.into_iter().map(|added| added.image.id).collect();
    let cat = store.create_label(owner, project, "cat", None).await?.id;
    ids.push(ids[0]);
    assert_eq!(store.set_labels(owner, project, &ids, Some(cat)).await?, 3);
    assert_eq!(store.set_labels(owner, project, &[], Some(cat)).await?, 0);

    let other = store.create_project(owner, "other").await?;
    let added = store.add_images(owner, other.id, None, Source::Upload, &[file(0)]).await?;
    ids.push(added[0].image.id);
    assert_error!(store.set_labels(owner, project, &ids, None).await, NotFound("image"));
    assert_error!(store.delete_images(owner, project, &ids).await, NotFound("image"));
    let counts = store.project(owner, project).await?;
    assert_eq!((counts.image_count, counts.labelled_count), (3, 3));
    Ok(())
}

async fn deletion_can_be_undone_for_a_day(fixture: Fixture) -> Result<()> {
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let ids: Vec<_> = fixture.add(Some("cat"), 0..3).await?.into_iter().map(|added| added.image.id).collect();
    assert_eq!(store.delete_images(owner, project, &ids[..2]).await?, 2);
    assert_eq!(store.delete_images(owner, project, &ids).await?, 1);
    assert_eq!(store.restore_images(owner, project, &ids[..2]).await?, 2);
    assert_eq!(store.restore_images(owner, project, &ids).await?, 1);
    assert_eq!(store.restore_images(owner, project, &ids).await?, 0);
    assert_eq!(store.project(owner, project).await?.labelled_count, 3);

    store.delete_images(owner, project, &ids).await?;
    sqlx::query("UPDATE images SET deleted_at = deleted_at - 86500000 WHERE id = $1")
        .bind(ids[0].to_string())
        .execute(&fixture.pool().await?)
        .await?;
    assert_error!(store.restore_images(owner, project, &ids).await, NotFound("image"));
    assert_eq!(store.restore_images(owner, project, &ids[1..]).await?, 2);
    assert_eq!(store.delete_images(owner, project, &ids).await?, 2);
    Ok(())
}

async fn ten_thousand_at_once(fixture: Fixture) -> Result<()> {
    let (store, owner, project) = (&fixture.store, fixture.owner, fixture.project);
    let count = IDS_PER_REQUEST as u64;
    let added = fixture.add(None, 0..count as u32).await?;
    let ids: Vec<_> = added.iter().map(|added| added.image.id).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    let cat = store.create_label(owner, project, "cat", None).await?.id;
    assert_eq!(store.set_labels(owner, project, &ids, Some(cat)).await?, count);
    assert_eq!(store.delete_images(owner, project, &ids).await?, count);
    assert_eq!(store.restore_images(owner, project, &ids).await?, count);
    let mut one_too_many = ids;
    one_too_many[9_999] = ImageId(Uuid::now_v7());
    assert_error!(store.set_labels(owner, project, &one_too_many, None).await, NotFound("image"));
    assert_eq!(store.project(owner, project).await?.labelled_count, count);
    Ok(())
}
