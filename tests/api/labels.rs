//! `/api/projects/{id}/labels` and `/api/labels/{id}`.

use dto::{
    ErrorCode, LabelId,
    label::{Label, LabelChange, NewLabel, PALETTE},
    limits,
};
use futures::future::join_all;
use pupil_tests::{Person, Server, pictures::Motif, refused};
use uuid::Uuid;

both_databases![
    new_labels_take_the_next_place_and_colour,
    a_label_may_bring_its_own_colour,
    a_labels_name_is_unique_in_its_project_only,
    of_many_labels_made_at_once_under_one_name_one_succeeds,
    names_and_colours_have_rules,
    a_label_can_be_renamed_but_not_to_a_name_that_is_there,
    a_label_can_be_moved,
    labels_count_their_images,
    deleting_a_label_keeps_its_images_without_one,
    another_users_label_does_not_exist,
];

async fn new_labels_take_the_next_place_and_colour(server: &Server) {
    let ann = Person::new(server).await;
    let mut made = Vec::new();
    for name in ["cats", "dogs", "새"] {
        made.push(ann.api.create_label(ann.project, name).await.expect("a new name"));
    }
    for (position, label) in made.iter().enumerate() {
        assert_eq!(
            (label.position as usize, label.color.as_str(), label.image_count),
            (position, PALETTE[position], 0)
        );
    }
    assert_eq!(list(&ann).await, made);
}

async fn a_label_may_bring_its_own_colour(server: &Server) {
    let ann = Person::new(server).await;
    let green = NewLabel { name: "leaves".into(), color: Some("#00ff00".into()) };
    assert_eq!(ann.api.create_label_with(ann.project, &green).await.expect("a colour").color, "#00ff00");
}

async fn a_labels_name_is_unique_in_its_project_only(server: &Server) {
    let ann = Person::new(server).await;
    ann.api.create_label(ann.project, "cats").await.expect("a new name");
    refused(ann.api.create_label(ann.project, "cats").await, ErrorCode::LabelExists);
    let other = ann.api.create_project("other").await.expect("a good name");
    ann.api.create_label(other.id, "cats").await.expect("a new name there");
    assert_eq!(list(&ann).await.len(), 1);
}

async fn of_many_labels_made_at_once_under_one_name_one_succeeds(server: &Server) {
    let ann = Person::new(server).await;
    let answers = join_all((0..8).map(|_| ann.api.create_label(ann.project, "cats"))).await;
    let (made, problems): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(made.len(), 1);
    for problem in problems {
        refused(problem, ErrorCode::LabelExists);
    }
    assert_eq!(list(&ann).await.len(), 1);
}

async fn names_and_colours_have_rules(server: &Server) {
    let ann = Person::new(server).await;
    let label = ann.api.create_label(ann.project, &"새".repeat(*limits::NAME_CHARS.end())).await.expect("just fits");
    for name in [String::new(), "  ".into(), "x".repeat(limits::NAME_CHARS.end() + 1)] {
        let problem = refused(ann.api.create_label(ann.project, &name).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("name"));
        refused(ann.api.rename_label(label.id, &name).await, ErrorCode::InvalidField);
    }
    for color in ["", "red", "#12345", "#1234567", "#gggggg", "#fff; background: url(//x)"] {
        let new = NewLabel { name: "cats".into(), color: Some(color.into()) };
        let problem = refused(ann.api.create_label_with(ann.project, &new).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("color"), "{color:?}");
        let change = LabelChange { color: Some(color.into()), ..LabelChange::default() };
        refused(ann.api.change_label(label.id, &change).await, ErrorCode::InvalidField);
    }
}

async fn a_label_can_be_renamed_but_not_to_a_name_that_is_there(server: &Server) {
    let ann = Person::new(server).await;
    let cats = ann.api.create_label(ann.project, "cats").await.expect("a new name");
    ann.api.create_label(ann.project, "dogs").await.expect("a new name");
    let kittens = ann.api.rename_label(cats.id, "kittens").await.expect("a new name");
    assert_eq!(kittens, Label { name: "kittens".into(), ..cats });
    ann.api.rename_label(kittens.id, "kittens").await.expect("the name that it has");
    refused(ann.api.rename_label(kittens.id, "dogs").await, ErrorCode::LabelExists);
    assert_eq!(list(&ann).await[0], kittens);
    ann.api.create_label(ann.project, "cats").await.expect("the name is free again");
}

async fn a_label_can_be_moved(server: &Server) {
    let ann = Person::new(server).await;
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(ann.api.create_label(ann.project, name).await.expect("a new name").id);
    }
    for (label, position, order) in [(3, 0, "dabc"), (3, 2, "abdc"), (0, 1, "badc"), (1, 99, "adcb"), (0, 0, "adcb")] {
        let change = LabelChange { position: Some(position), ..LabelChange::default() };
        ann.api.change_label(ids[label], &change).await.expect("any place will do");
        let labels = list(&ann).await;
        assert_eq!(labels.iter().map(|label| label.name.as_str()).collect::<String>(), order);
        assert!(labels.iter().zip(0..).all(|(label, place)| label.position == place), "{labels:?}");
    }
}

async fn labels_count_their_images(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(2).await;
    let more = ann.upload(&Motif::Circles.files_from(100, 1), Some(Motif::Circles.label())).await;
    assert_eq!(counts(&ann).await, [3, 2]);
    ann.api.delete_image(more[0].id).await.expect("it is there");
    assert_eq!(counts(&ann).await, [2, 2]);
}

async fn deleting_a_label_keeps_its_images_without_one(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(2).await;
    let label = circles[0].label_id.expect("uploaded under a label");
    ann.api.delete_label(label).await.expect("it is there");
    refused(ann.api.delete_label(label).await, ErrorCode::NotFound);
    assert_eq!(list(&ann).await.len(), 1);
    assert_eq!(ann.api.image(circles[0].id).await.expect("it stays").label_id, None);
    assert_eq!(ann.api.image(stripes[0].id).await.expect("it stays").label_id, stripes[0].label_id);
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").labelled_count, 2);
}

async fn another_users_label_does_not_exist(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let cats = ann.api.create_label(ann.project, "cats").await.expect("a new name");
    for id in [cats.id, LabelId(Uuid::now_v7())] {
        refused(bob.api.rename_label(id, "mine").await, ErrorCode::NotFound);
        refused(bob.api.delete_label(id).await, ErrorCode::NotFound);
    }
    assert_eq!(list(&ann).await, [cats]);
}

async fn list(person: &Person) -> Vec<Label> {
    person.api.labels(person.project).await.expect("one's own").items
}

async fn counts(person: &Person) -> Vec<u64> {
    list(person).await.into_iter().map(|label| label.image_count).collect()
}
