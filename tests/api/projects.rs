//! `/api/projects`: a user's projects, and nobody else's.

use dto::{
    ErrorCode, ModelId, ProjectId, limits,
    project::{Project, ProjectChange},
};
use pupil_tests::{Person, Server, pictures::Motif, refused};
use uuid::Uuid;

both_databases![
    a_project_can_be_made_renamed_and_deleted,
    a_projects_name_has_rules,
    a_project_counts_what_is_in_it,
    deleting_a_project_takes_everything_in_it,
    another_users_project_does_not_exist,
    an_unknown_project_does_not_exist,
    a_project_predicts_with_the_chosen_model_else_the_newest,
    only_a_ready_model_of_the_project_can_be_chosen,
];

async fn a_project_can_be_made_renamed_and_deleted(server: &Server) {
    let ann = Person::new(server).await;
    let made = ann.api.create_project("새 프로젝트").await.expect("a good name");
    assert_eq!(ann.api.project(made.id).await.expect("just made"), made);
    assert_eq!(ids(&ann).await.len(), 2);

    let renamed = ann.api.change_project(made.id, &rename("Birds")).await.expect("a good name");
    assert_eq!(renamed, Project { name: "Birds".into(), ..made });
    assert_eq!(ann.api.change_project(made.id, &ProjectChange::default()).await.expect("nothing to change"), renamed);

    ann.api.delete_project(renamed.id).await.expect("it is there");
    refused(ann.api.project(renamed.id).await, ErrorCode::NotFound);
    refused(ann.api.delete_project(renamed.id).await, ErrorCode::NotFound);
    assert_eq!(ids(&ann).await, [ann.project]);
}

async fn a_projects_name_has_rules(server: &Server) {
    let ann = Person::new(server).await;
    let longest = *limits::NAME_CHARS.end();
    for name in [String::new(), " \t".into(), "x".repeat(longest + 1)] {
        let problem = refused(ann.api.create_project(&name).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("name"));
        refused(ann.api.change_project(ann.project, &rename(&name)).await, ErrorCode::InvalidField);
    }
    ann.api.create_project(&"새".repeat(longest)).await.expect("characters are counted, not bytes");
}

async fn a_project_counts_what_is_in_it(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_motif(Motif::Circles, 3).await;
    let images = ann.upload(&Motif::Stripes.files(2), None).await;
    let project = ann.api.project(ann.project).await.expect("one's own");
    assert_eq!((project.image_count, project.labelled_count, project.label_count), (5, 3, 1));

    ann.api.delete_image(images[0].id).await.expect("it is there");
    let listed = ann.api.projects().await.expect("one's own").items;
    assert_eq!((listed[0].image_count, listed[0].labelled_count), (4, 3));
}

async fn deleting_a_project_takes_everything_in_it(server: &Server) {
    let ann = Person::new(server).await;
    let images = ann.upload_motif(Motif::Circles, 1).await;
    let label = images[0].label_id.expect("uploaded under a label");
    ann.api.delete_project(ann.project).await.expect("it is there");
    refused(ann.api.image(images[0].id).await, ErrorCode::NotFound);
    refused(ann.api.delete_image(images[0].id).await, ErrorCode::NotFound);
    refused(ann.api.rename_label(label, "other").await, ErrorCode::NotFound);
}

async fn another_users_project_does_not_exist(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let api = &bob.api;
    refused(api.project(ann.project).await, ErrorCode::NotFound);
    refused(api.change_project(ann.project, &rename("mine")).await, ErrorCode::NotFound);
    refused(api.delete_project(ann.project).await, ErrorCode::NotFound);
    refused(api.labels(ann.project).await, ErrorCode::NotFound);
    refused(api.create_label(ann.project, "mine").await, ErrorCode::NotFound);
    refused(api.images(ann.project, &Default::default()).await, ErrorCode::NotFound);
    refused(api.upload(ann.project, &Motif::Circles.files(1), None).await, ErrorCode::NotFound);
    refused(api.label_images(ann.project, &[], None).await, ErrorCode::NotFound);
    refused(api.delete_images(ann.project, &[]).await, ErrorCode::NotFound);
    refused(api.restore_images(ann.project, &[]).await, ErrorCode::NotFound);
    refused(api.train(ann.project, &Default::default()).await, ErrorCode::NotFound);
    refused(api.models(ann.project).await, ErrorCode::NotFound);
    refused(api.predict_in_project(ann.project, &Motif::Circles.files(1)).await, ErrorCode::NotFound);
    assert_eq!(ann.api.labels(ann.project).await.expect("one's own").items, []);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, 0);
}

async fn an_unknown_project_does_not_exist(server: &Server) {
    let ann = Person::new(server).await;
    let unknown = ProjectId(Uuid::now_v7());
    refused(ann.api.project(unknown).await, ErrorCode::NotFound);
    refused(ann.api.labels(unknown).await, ErrorCode::NotFound);
}

async fn a_project_predicts_with_the_chosen_model_else_the_newest(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(8).await;
    let (first, second) = (ann.train().await, ann.train().await);
    let active = async || ann.api.project(ann.project).await.expect("one's own").active_model_id;
    assert_eq!(active().await, Some(second.id));

    let chosen = ann.api.change_project(ann.project, &choose(Some(first.id))).await.expect("a ready model");
    assert_eq!((chosen.active_model_id, chosen.latest_model_id), (Some(first.id), Some(second.id)));
    let answer = ann.api.predict_in_project(ann.project, &Motif::Circles.files(1)).await.expect("a model is chosen");
    assert_eq!(answer.model_id, first.id);

    ann.api.change_project(ann.project, &rename("still chosen")).await.expect("a good name");
    assert_eq!(active().await, Some(first.id));
    ann.api.change_project(ann.project, &choose(None)).await.expect("back to the newest");
    assert_eq!(active().await, Some(second.id));
}

async fn only_a_ready_model_of_the_project_can_be_chosen(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    bob.upload_both(8).await;
    let others = bob.train().await.id;
    for model in [others, ModelId(Uuid::now_v7())] {
        refused(ann.api.change_project(ann.project, &choose(Some(model))).await, ErrorCode::NotFound);
    }
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").active_model_id, None);
}

async fn ids(person: &Person) -> Vec<ProjectId> {
    person.api.projects().await.expect("one's own").items.into_iter().map(|project| project.id).collect()
}

fn rename(name: &str) -> ProjectChange {
    ProjectChange { name: Some(name.into()), ..ProjectChange::default() }
}

fn choose(model: Option<ModelId>) -> ProjectChange {
    ProjectChange { active_model_id: Some(model), ..ProjectChange::default() }
}
