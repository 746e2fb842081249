//! `/api/models/{id}`: renaming and deleting versions, and what a project says of its own.

use dto::{
    ErrorCode, ModelId, limits,
    model::{Model, Status, TrainRequest},
    project::ProjectChange,
};
use pupil_tests::{Person, Server, pictures::Motif, refused};
use uuid::Uuid;

both_databases![
    a_model_can_be_renamed,
    a_models_name_has_rules,
    a_deleted_model_is_gone_and_the_others_stay,
    without_the_chosen_model_the_newest_is_used,
    without_any_model_there_is_nothing_to_predict_with,
    deleting_a_model_that_is_being_trained_stops_it,
    another_users_model_can_be_neither_renamed_nor_deleted,
    a_project_says_when_it_was_trained_last,
    a_projects_cover_is_its_newest_picture,
];

async fn a_model_can_be_renamed(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let model = ann.train().await;
    let renamed = ann.api.rename_model(model.id, " 첫 모델 ").await.expect("a good name");
    assert_eq!(renamed, Model { name: "첫 모델".into(), ..model.clone() });
    assert_eq!(ann.api.model(model.id).await.expect("one's own"), renamed);
    let listed = ann.api.models(ann.project).await.expect("one's own").items;
    assert_eq!(listed.into_iter().map(|model| model.name).collect::<Vec<_>>(), ["첫 모델"]);
}

async fn a_models_name_has_rules(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let model = ann.train().await;
    let longest = *limits::NAME_CHARS.end();
    for name in [String::new(), " \t".into(), "x".repeat(longest + 1)] {
        let problem = refused(ann.api.rename_model(model.id, &name).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("name"));
    }
    ann.api.rename_model(model.id, &"새".repeat(longest)).await.expect("characters are counted, not bytes");
}

async fn a_deleted_model_is_gone_and_the_others_stay(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let (first, second) = (ann.train().await, ann.train().await);
    ann.api.delete_model(first.id).await.expect("one's own");
    refused(ann.api.model(first.id).await, ErrorCode::NotFound);
    refused(ann.api.delete_model(first.id).await, ErrorCode::NotFound);
    refused(ann.api.mistakes(first.id).await, ErrorCode::NotFound);
    refused(ann.api.predict(first.id, &Motif::Circles.files(1)).await, ErrorCode::NotFound);
    assert_eq!(ann.api.models(ann.project).await.expect("one's own").items, std::slice::from_ref(&second));
    ann.api.predict(second.id, &Motif::Circles.files(1)).await.expect("it is still there");
    // A number that was told to somebody never means another model later.
    assert_eq!(ann.train().await.version, 3);
}

async fn without_the_chosen_model_the_newest_is_used(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let (first, second, third) = (ann.train().await, ann.train().await, ann.train().await);
    let choice = ProjectChange { active_model_id: Some(Some(first.id)), ..ProjectChange::default() };
    ann.api.change_project(ann.project, &choice).await.expect("a ready model");
    assert_eq!(active(&ann).await, Some(first.id));
    for (deleted, used_then) in [(first.id, third.id), (third.id, second.id)] {
        ann.api.delete_model(deleted).await.expect("one's own");
        assert_eq!(active(&ann).await, Some(used_then));
        let answer = ann.api.predict_in_project(ann.project, &Motif::Circles.files(1)).await.expect("a model is left");
        assert_eq!(answer.model_id, used_then);
    }
}

async fn without_any_model_there_is_nothing_to_predict_with(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let only = ann.train().await;
    ann.api.delete_model(only.id).await.expect("one's own");
    let project = ann.api.project(ann.project).await.expect("one's own");
    assert_eq!((project.active_model_id, project.latest_model_id, project.last_trained_at), (None, None, None));
    refused(ann.api.predict_in_project(ann.project, &Motif::Circles.files(1)).await, ErrorCode::NoModel);
}

async fn deleting_a_model_that_is_being_trained_stops_it(server: &Server) {
    let ann = Person::new(server).await;
    // Pictures that nobody has embedded yet keep a run busy.
    for motif in [Motif::Circles, Motif::Stripes] {
        ann.upload(&motif.files_from(30_000, 60), Some(motif.label())).await;
    }
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    ann.api.delete_model(run.id).await.expect("one's own");
    refused(ann.api.model(run.id).await, ErrorCode::NotFound);
    let next = ann.train().await;
    assert_eq!(next.status, Status::Ready);
    assert_eq!(ids(&ann).await, [next.id], "the deleted run does not come back");
}

async fn another_users_model_can_be_neither_renamed_nor_deleted(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    ann.upload_both(8).await;
    let model = ann.train().await;
    for id in [model.id, ModelId(Uuid::now_v7())] {
        refused(bob.api.rename_model(id, "mine").await, ErrorCode::NotFound);
        // Whose it is comes before what is sent.
        refused(bob.api.rename_model(id, "").await, ErrorCode::NotFound);
        refused(bob.api.delete_model(id).await, ErrorCode::NotFound);
    }
    assert_eq!(ann.api.model(model.id).await.expect("one's own"), model);
}

async fn a_project_says_when_it_was_trained_last(server: &Server) {
    let ann = Person::new(server).await;
    let last_trained_at = async || ann.api.project(ann.project).await.expect("one's own").last_trained_at;
    assert_eq!(last_trained_at().await, None);
    ann.upload_both(8).await;
    let first = ann.train().await;
    assert!(first.finished_at.is_some());
    assert_eq!(last_trained_at().await, first.finished_at);
    let second = ann.train().await;
    assert_eq!(last_trained_at().await, second.finished_at);
    ann.api.delete_model(second.id).await.expect("one's own");
    assert_eq!(last_trained_at().await, first.finished_at);
}

async fn a_projects_cover_is_its_newest_picture(server: &Server) {
    let ann = Person::new(server).await;
    let cover = async || ann.api.projects().await.expect("one's own").items[0].cover_image_id;
    assert_eq!(cover().await, None);
    let first = ann.upload(&Motif::Circles.files(1), None).await[0].id;
    assert_eq!(cover().await, Some(first));
    let second = ann.upload(&Motif::Stripes.files(1), None).await[0].id;
    assert_eq!(cover().await, Some(second));
    ann.api.delete_image(second).await.expect("one's own");
    assert_eq!(cover().await, Some(first), "a deleted picture is not shown");
}

async fn active(person: &Person) -> Option<ModelId> {
    person.api.project(person.project).await.expect("one's own").active_model_id
}

async fn ids(person: &Person) -> Vec<ModelId> {
    person.api.models(person.project).await.expect("one's own").items.into_iter().map(|model| model.id).collect()
}
