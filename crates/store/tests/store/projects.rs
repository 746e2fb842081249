//! Projects.

use crate::fixture::{Fixture, assert_error, on_both_databases};
use anyhow::Result;
use dto::{ModelId, image::ImageQuery, model::Status, project::ProjectChange, result::ResultQuery};
use store::StoreError::{BadCursor, NoModel, NotFound, NotReady};
use uuid::Uuid;

on_both_databases! {
    counts_what_is_in_it is_paged_newest_first only_a_ready_model_can_be_active is_nobody_elses is_deleted_whole
}

async fn counts_what_is_in_it(fixture: Fixture) -> Result<()> {
    let added = fixture.add(Some("cat"), 0..3).await?;
    fixture.add(None, 3..5).await?;
    fixture.store.delete_image(fixture.owner, added[0].image.id).await?;
    let project = fixture.store.project(fixture.owner, fixture.project).await?;
    assert_eq!((project.image_count, project.labelled_count, project.label_count), (4, 2, 1));
    assert_eq!((project.latest_model_id, project.active_model_id), (None, None));
    Ok(())
}

async fn is_paged_newest_first(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    for name in ["b", "c", "d"] {
        store.create_project(fixture.owner, name).await?;
    }
    let first = store.projects(fixture.owner, None, 2).await?;
    let rest = store.projects(fixture.owner, first.next_cursor.as_deref(), 2).await?;
    let names: Vec<_> = first.items.iter().chain(&rest.items).map(|project| project.name.as_str()).collect();
    assert_eq!((names.as_slice(), rest.next_cursor), (["d", "c", "b", "First"].as_slice(), None));
    assert_error!(store.projects(fixture.owner, Some("nonsense"), 2).await, BadCursor);
    Ok(())
}

async fn only_a_ready_model_can_be_active(fixture: Fixture) -> Result<()> {
    let store = &fixture.store;
    assert_error!(store.active_model(fixture.owner, fixture.project).await, NoModel);
    let (first, _) = fixture.trained().await?;
    let (second, third) = (fixture.model().await?, fixture.model().await?);
    fixture.finish(second.id).await?;
    let choose = |model: Option<ModelId>| ProjectChange { active_model_id: Some(model), ..Default::default() };
    let project = store.project(fixture.owner, fixture.project).await?;
    assert_eq!((project.latest_model_id, project.active_model_id), (Some(third.id), Some(second.id)));

    let refused = store.change_project(fixture.owner, fixture.project, &choose(Some(third.id))).await;
    assert_error!(refused, NotReady(Status::Queued));
    let foreign = choose(Some(ModelId(Uuid::now_v7())));
    assert_error!(store.change_project(fixture.owner, fixture.project, &foreign).await, NotFound("model"));

    let project = store.change_project(fixture.owner, fixture.project, &choose(Some(first.id))).await?;
    assert_eq!(project.active_model_id, Some(first.id));
    assert_eq!(store.active_model(fixture.owner, fixture.project).await?.id, first.id);
    let rename = ProjectChange { name: Some("Pets".into()), ..Default::default() };
    let project = store.change_project(fixture.owner, fixture.project, &rename).await?;
    assert_eq!((project.name.as_str(), project.active_model_id), ("Pets", Some(first.id)));
    let project = store.change_project(fixture.owner, fixture.project, &choose(None)).await?;
    assert_eq!(project.active_model_id, Some(second.id));
    Ok(())
}

/// Everything that a user can name is not there for another.
async fn is_nobody_elses(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    let (cat, image) = (fixture.label_id("cat").await?, images[0]);
    let (stranger, theirs) = fixture.stranger().await?;
    let (store, project) = (&fixture.store, fixture.project);
    let change = ProjectChange { name: Some("mine".into()), ..Default::default() };
    let recolour = dto::label::LabelChange { name: Some("mine".into()), ..Default::default() };

    assert_error!(store.project(stranger, project).await, NotFound("project"));
    assert_error!(store.change_project(stranger, project, &change).await, NotFound("project"));
    assert_error!(store.delete_project(stranger, project).await, NotFound("project"));
    assert_error!(store.labels(stranger, project).await, NotFound("project"));
    assert_error!(store.create_label(stranger, project, "x", None).await, NotFound("project"));
    assert_error!(store.change_label(stranger, cat, &recolour).await, NotFound("label"));
    assert_error!(store.delete_label(stranger, cat).await, NotFound("label"));
    assert_error!(store.images(stranger, project, &ImageQuery::default()).await, NotFound("project"));
    let files = [crate::fixture::file(99)];
    let added = store.add_images(stranger, project, Some("x"), Default::default(), &files).await;
    assert_error!(added, NotFound("project"));
    assert_error!(store.image(stranger, image).await, NotFound("image"));
    assert_error!(store.image_file(stranger, image).await, NotFound("image"));
    assert_error!(store.set_label(stranger, image, None).await, NotFound("image"));
    assert_error!(store.delete_image(stranger, image).await, NotFound("image"));
    for project in [project, theirs] {
        let missing = if project == theirs { "image" } else { "project" };
        assert_error!(store.set_labels(stranger, project, &[image], None).await, NotFound(what) if what == missing);
        assert_error!(store.delete_images(stranger, project, &[image]).await, NotFound(what) if what == missing);
        assert_error!(store.restore_images(stranger, project, &[image]).await, NotFound(what) if what == missing);
    }
    assert_error!(store.create_model(stranger, project, &crate::fixture::new_model()).await, NotFound("project"));
    assert_error!(store.models(stranger, project, None, 10).await, NotFound("project"));
    assert_error!(store.model(stranger, model.id).await, NotFound("model"));
    assert_error!(store.ready_model(stranger, model.id).await, NotFound("model"));
    assert_error!(store.active_model(stranger, project).await, NotFound("project"));
    assert_error!(store.request_cancel(stranger, model.id).await, NotFound("model"));
    assert_error!(store.results(stranger, model.id, &ResultQuery::default()).await, NotFound("model"));
    assert_error!(store.judgements(stranger, model.id).await, NotFound("model"));
    assert_error!(store.changed_since(stranger, model.id).await, NotFound("model"));
    assert_error!(store.label_errors(stranger, model.id, &Default::default()).await, NotFound("model"));
    assert_error!(store.newest_instant_model(stranger, project).await, NotFound("project"));
    assert_error!(store.embedded_images(stranger, project, "w", "p", false).await, NotFound("project"));
    assert_error!(store.confirm_labels(stranger, project, &[image], true).await, NotFound("project"));
    assert_error!(store.confirm_labels(stranger, theirs, &[image], true).await, NotFound("image"));
    assert_error!(store.accept_labels(stranger, project, &[(cat, vec![image])]).await, NotFound("project"));
    assert_error!(store.accept_labels(stranger, theirs, &[(cat, vec![image])]).await, NotFound("label"));
    assert_error!(store.project_of_image(stranger, image).await, NotFound("image"));
    assert_error!(store.project_of_label(stranger, cat).await, NotFound("label"));
    let steal = ProjectChange { active_model_id: Some(Some(model.id)), ..Default::default() };
    assert_error!(store.change_project(stranger, theirs, &steal).await, NotFound("model"));

    assert_eq!(store.projects(stranger, None, 10).await?.items.len(), 1);
    assert_eq!(store.labels(stranger, theirs).await?, []);
    let untouched = store.project(fixture.owner, project).await?;
    assert_eq!((untouched.name.as_str(), untouched.image_count, untouched.labelled_count), ("First", 10, 10));
    Ok(())
}

async fn is_deleted_whole(fixture: Fixture) -> Result<()> {
    let (model, images) = fixture.trained().await?;
    fixture.store.delete_project(fixture.owner, fixture.project).await?;
    assert_error!(fixture.store.image(fixture.owner, images[0]).await, NotFound("image"));
    assert_error!(fixture.store.model(fixture.owner, model.id).await, NotFound("model"));
    assert_error!(fixture.store.delete_project(fixture.owner, fixture.project).await, NotFound("project"));
    let pool = fixture.pool().await?;
    for table in ["labels", "images", "models", "model_labels", "epochs", "results"] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        assert_eq!(sqlx::query_scalar::<_, i64>(sql).fetch_one(&pool).await?, 0, "{table}");
    }
    Ok(())
}
