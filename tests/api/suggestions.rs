//! `/api/projects/{id}/suggestions`, and learning while labels change.

use dto::{
    ErrorCode, ModelId,
    model::Status,
    suggestion::{AcceptSuggestions, SuggestionOrder, SuggestionQuery},
};
use pupil_tests::{Person, Server, deadline::eventually, pictures::Motif, refused};
use uuid::Uuid;

both_databases![
    unlabelled_pictures_get_suggestions_and_no_labels,
    suggestions_are_accepted_one_or_many_at_a_time,
    labels_given_meanwhile_are_not_overwritten,
    without_a_model_there_are_none,
    a_request_that_names_nothing_is_refused,
    another_users_suggestions_do_not_exist,
    a_draft_follows_the_labels_and_makes_no_versions,
    without_being_asked_no_draft_is_trained,
];

fn of_model(model_id: ModelId) -> AcceptSuggestions {
    AcceptSuggestions { model_id, image_ids: None, at_least: None, label_id: None }
}

async fn unlabelled_pictures_get_suggestions_and_no_labels(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(25).await;
    let model = ann.train().await;
    let new = [Motif::Circles.files_from(600, 5), Motif::Stripes.files_from(600, 5)].concat();
    let images = ann.upload(&new, None).await;
    let looked_at = eventually("all are looked at", async || {
        let found = ann.api.suggestions(ann.project, &SuggestionQuery::default()).await.expect("a model is ready");
        (found.pending == 0).then_some(found)
    });
    let found = looked_at.await;
    assert_eq!((found.model_id, found.total, found.items.len()), (model.id, 10, 10));
    assert!(found.items.is_sorted_by(|a, b| (a.unsure, b.probability) <= (b.unsure, a.probability)), "{found:?}");
    let right = found.items.iter().filter(|item| item.file_name.starts_with(&item.label)).count();
    assert!(right >= 9, "{found:?}");

    let query = SuggestionQuery { order: Some(SuggestionOrder::MostUncertain), limit: Some(4), ..Default::default() };
    let mut doubtful = ann.api.suggestions(ann.project, &query).await.expect("a model is ready");
    let mut all = doubtful.items.clone();
    while let Some(cursor) = doubtful.next_cursor {
        let next = SuggestionQuery { cursor: Some(cursor), ..query.clone() };
        doubtful = ann.api.suggestions(ann.project, &next).await.expect("a model is ready");
        all.extend(doubtful.items.clone());
    }
    let reversed: Vec<_> = found.items.iter().rev().map(|item| item.probability).collect();
    assert_eq!(all.iter().map(|item| item.probability).collect::<Vec<_>>(), reversed);
    for image in images {
        assert_eq!(ann.api.image(image.id).await.expect("one's own").label_id, None, "nobody asked");
    }
}

async fn suggestions_are_accepted_one_or_many_at_a_time(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(25).await;
    let model = ann.train().await;
    let images = ann.upload(&Motif::Circles.files_from(600, 8), None).await;
    let query = SuggestionQuery { at_least: Some(0.5), ..Default::default() };
    let found = eventually("all are looked at", async || {
        let found = ann.api.suggestions(ann.project, &query).await.expect("a model is ready");
        (found.pending == 0).then_some(found)
    })
    .await;
    assert!(found.total >= 4 && found.items.iter().all(|item| !item.unsure), "{found:?}");

    let one = AcceptSuggestions { image_ids: Some(vec![found.items[0].image_id]), ..of_model(model.id) };
    let accepted = ann.api.accept(ann.project, &one).await.expect("one is suggested");
    assert_eq!((accepted.changed, accepted.labels.len()), (1, 1));
    assert_eq!(accepted.labels[0].image_ids, [found.items[0].image_id]);

    let above = AcceptSuggestions { at_least: Some(0.5), ..of_model(model.id) };
    let accepted = ann.api.accept(ann.project, &above).await.expect("some are suggested");
    assert_eq!(accepted.changed, found.total - 1);
    let mut labelled = 0;
    for image in &images {
        labelled += u64::from(ann.api.image(image.id).await.expect("one's own").label_id.is_some());
    }
    assert_eq!(labelled, found.total);
    assert_eq!(ann.api.accept(ann.project, &above).await.expect("none are left").changed, 0);

    // Another model may suggest something else.
    ann.train().await;
    refused(ann.api.accept(ann.project, &above).await, ErrorCode::SuggestionsChanged);
}

async fn labels_given_meanwhile_are_not_overwritten(server: &Server) {
    let ann = Person::new(server).await;
    let [_, stripes] = ann.upload_both(25).await;
    let model = ann.train().await;
    let images = ann.upload(&Motif::Circles.files_from(600, 3), None).await;
    let ids: Vec<_> = images.iter().map(|image| image.id).collect();
    eventually("all are looked at", async || {
        let found = ann.api.suggestions(ann.project, &SuggestionQuery::default()).await.expect("a model is ready");
        (found.items.len() == 3).then_some(())
    })
    .await;
    ann.api.label_image(ids[0], stripes[0].label_id).await.expect("one's own");
    ann.api.delete_image(ids[1]).await.expect("one's own");
    let all = AcceptSuggestions { image_ids: Some(ids.clone()), ..of_model(model.id) };
    let accepted = ann.api.accept(ann.project, &all).await.expect("one is left");
    assert_eq!((accepted.changed, &accepted.labels[0].image_ids[..]), (1, &ids[2..]));
    assert_eq!(ann.api.image(ids[0]).await.expect("one's own").label_id, stripes[0].label_id);
}

async fn without_a_model_there_are_none(server: &Server) {
    let ann = Person::new(server).await;
    refused(ann.api.suggestions(ann.project, &SuggestionQuery::default()).await, ErrorCode::NoModel);
}

async fn a_request_that_names_nothing_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let nothing = of_model(ModelId(Uuid::now_v7()));
    refused(ann.api.accept(ann.project, &nothing).await, ErrorCode::InvalidField);
    for share in [-0.1, 1.1] {
        let wrong = AcceptSuggestions { at_least: Some(share), ..nothing.clone() };
        refused(ann.api.accept(ann.project, &wrong).await, ErrorCode::InvalidField);
        let query = SuggestionQuery { at_least: Some(share), ..Default::default() };
        refused(ann.api.suggestions(ann.project, &query).await, ErrorCode::InvalidField);
    }
    ann.upload_both(8).await;
    ann.train().await;
    let query = SuggestionQuery { cursor: Some("nonsense".into()), ..Default::default() };
    refused(ann.api.suggestions(ann.project, &query).await, ErrorCode::InvalidRequest);
}

async fn another_users_suggestions_do_not_exist(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    ann.upload_both(8).await;
    let model = ann.train().await.id;
    refused(bob.api.suggestions(ann.project, &SuggestionQuery::default()).await, ErrorCode::NotFound);
    let all = AcceptSuggestions { at_least: Some(0.0), ..of_model(model) };
    refused(bob.api.accept(ann.project, &all).await, ErrorCode::NotFound);
    refused(bob.api.learn_as_labelled(ann.project, true).await, ErrorCode::NotFound);
    refused(bob.api.duplicates(ann.project).await, ErrorCode::NotFound);
    refused(bob.api.map(ann.project).await, ErrorCode::NotFound);
}

async fn a_draft_follows_the_labels_and_makes_no_versions(server: &Server) {
    let ann = Person::new(server).await;
    assert!(!ann.api.project(ann.project).await.expect("one's own").learns_as_labelled);
    assert!(ann.api.learn_as_labelled(ann.project, true).await.expect("one's own").learns_as_labelled);
    let mut seen = Vec::new();
    for round in 0..3 {
        ann.upload(&Motif::Circles.files_from(round * 100, 8), Some("circles")).await;
        ann.upload(&Motif::Stripes.files_from(round * 100, 8), Some("stripes")).await;
        let draft = eventually("a draft knows all labels", async || {
            let id = ann.api.project(ann.project).await.expect("one's own").draft_model_id?;
            // It may be replaced at any moment.
            let draft = ann.api.model(id).await.ok()?;
            (draft.image_count == 16 * (round + 1)).then_some(draft)
        })
        .await;
        assert_eq!((draft.draft, draft.version, draft.status), (true, 0, Status::Ready));
        assert!(draft.accuracy.is_some());
        seen.push(draft.id);
    }
    for old in &seen[..2] {
        refused(ann.api.model(*old).await, ErrorCode::NotFound);
    }
    assert_eq!(ann.api.models(ann.project).await.expect("one's own").items, []);
    let project = ann.api.project(ann.project).await.expect("one's own");
    assert_eq!((project.active_model_id, project.latest_model_id), (None, None), "a draft predicts nothing");
    let version = ann.train().await;
    assert_eq!(version.version, 1);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").draft_model_id, None);
}

async fn without_being_asked_no_draft_is_trained(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let bob = Person::new(server).await;
    bob.api.learn_as_labelled(bob.project, true).await.expect("one's own");
    bob.upload_both(8).await;
    // By the time that his draft is there, hers would be, too.
    eventually("the draft that was wished for", async || {
        bob.api.project(bob.project).await.expect("one's own").draft_model_id
    })
    .await;
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").draft_model_id, None);
}
