//! `PATCH` and `DELETE /api/images/{id}`, and the same for many at once.

use dto::{
    ErrorCode, ImageId, LabelId,
    image::{Image, ImageQuery},
};
use pupil_tests::{
    Person, Server,
    client::{problem_in, send},
    pictures::Motif,
    refused,
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

both_databases![
    an_image_can_be_given_a_label_and_have_it_taken_away,
    a_change_that_does_not_say_which_label_is_refused,
    a_label_of_another_project_can_not_be_given,
    another_users_image_does_not_exist,
    a_deleted_image_is_gone_and_comes_back_whole,
    many_images_can_be_labelled_at_once,
    many_images_can_be_deleted_and_restored_at_once,
    a_change_of_many_never_touches_another_project,
    the_same_bytes_as_a_deleted_image_can_be_uploaded_again,
];

async fn an_image_can_be_given_a_label_and_have_it_taken_away(server: &Server) {
    let ann = Person::new(server).await;
    let cats = ann.api.create_label(ann.project, "cats").await.expect("a new name").id;
    let image = ann.upload(&Motif::Circles.files(1), None).await.remove(0);
    let labelled = ann.api.label_image(image.id, Some(cats)).await.expect("one's own");
    assert_eq!((labelled.id, labelled.label_id), (image.id, Some(cats)));
    assert_eq!(ann.api.image(image.id).await.expect("one's own").label_id, Some(cats));
    assert_eq!(ann.api.label_image(image.id, None).await.expect("one's own").label_id, None);
}

async fn a_change_that_does_not_say_which_label_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let image = ann.upload_motif(Motif::Circles, 1).await.remove(0);
    let path = format!("/images/{}", image.id);
    for body in [json!({}), json!({ "label": null }), json!({ "label_id": "cats" }), json!({ "label_id": 1 })] {
        let response = send(ann.api.request(Method::PATCH, &path).json(&body)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(problem_in(response).await.code, ErrorCode::InvalidJson, "{body}");
    }
    assert_eq!(ann.api.image(image.id).await.expect("one's own").label_id, image.label_id);
}

async fn a_label_of_another_project_can_not_be_given(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let image = ann.upload(&Motif::Circles.files(1), None).await.remove(0);
    let elsewhere = ann.api.create_project("elsewhere").await.expect("a good name").id;
    let own = ann.api.create_label(elsewhere, "cats").await.expect("a new name").id;
    let others = bob.api.create_label(bob.project, "cats").await.expect("a new name").id;
    for label in [own, others, LabelId(Uuid::now_v7())] {
        refused(ann.api.label_image(image.id, Some(label)).await, ErrorCode::NotFound);
        refused(ann.api.label_images(ann.project, &[image.id], Some(label)).await, ErrorCode::NotFound);
    }
    assert_eq!(ann.api.image(image.id).await.expect("one's own").label_id, None);
}

async fn another_users_image_does_not_exist(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let image = ann.upload_motif(Motif::Circles, 1).await.remove(0);
    for id in [image.id, ImageId(Uuid::now_v7())] {
        refused(bob.api.image(id).await, ErrorCode::NotFound);
        refused(bob.api.label_image(id, None).await, ErrorCode::NotFound);
        refused(bob.api.delete_image(id).await, ErrorCode::NotFound);
        assert_eq!(problem_in(bob.api.image_file(id).await).await.code, ErrorCode::NotFound);
        assert_eq!(problem_in(bob.api.thumbnail(id).await).await.code, ErrorCode::NotFound);
    }
    assert_eq!(ann.api.image(image.id).await.expect("one's own").label_id, image.label_id);
}

async fn a_deleted_image_is_gone_and_comes_back_whole(server: &Server) {
    let ann = Person::new(server).await;
    let image = ann.upload_motif(Motif::Circles, 1).await.remove(0);
    ann.api.delete_image(image.id).await.expect("it is there");
    refused(ann.api.image(image.id).await, ErrorCode::NotFound);
    refused(ann.api.delete_image(image.id).await, ErrorCode::NotFound);
    assert_eq!(problem_in(ann.api.image_file(image.id).await).await.code, ErrorCode::NotFound);
    assert_eq!(problem_in(ann.api.thumbnail(image.id).await).await.code, ErrorCode::NotFound);
    assert_eq!(list(&ann).await, []);

    assert_eq!(ann.api.restore_images(ann.project, &[image.id]).await.expect("within a day").changed, 1);
    let restored = ann.api.image(image.id).await.expect("it is back");
    assert_eq!(Image { embedded: image.embedded, ..restored }, image);
    assert_eq!(ann.api.image_file(image.id).await.status(), StatusCode::OK);
}

async fn many_images_can_be_labelled_at_once(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(3).await;
    let label = stripes[0].label_id;
    let changed = ann.api.label_images(ann.project, &ids(&circles), label).await.expect("one's own").changed;
    assert_eq!(changed, 3);
    assert!(list(&ann).await.iter().all(|image| image.label_id == label));
    ann.api.label_images(ann.project, &ids(&circles[..2]), None).await.expect("one's own");
    assert_eq!(list(&ann).await.iter().filter(|image| image.label_id.is_none()).count(), 2);
    assert_eq!(ann.api.label_images(ann.project, &[], label).await.expect("nothing to do").changed, 0);
}

async fn many_images_can_be_deleted_and_restored_at_once(server: &Server) {
    let ann = Person::new(server).await;
    let images = ann.upload_motif(Motif::Circles, 5).await;
    let some = ids(&images[1..4]);
    assert_eq!(ann.api.delete_images(ann.project, &some).await.expect("one's own").changed, 3);
    assert_eq!(list(&ann).await.len(), 2);
    assert_eq!(ann.api.restore_images(ann.project, &some).await.expect("within a day").changed, 3);
    assert_eq!(ids(&list(&ann).await), ids(&images.into_iter().rev().collect::<Vec<_>>()));
}

async fn a_change_of_many_never_touches_another_project(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let [hers, his] = [ann.upload_motif(Motif::Circles, 2).await, bob.upload_motif(Motif::Circles, 2).await];
    let both = [ids(&hers), ids(&his)].concat();
    refused(ann.api.label_images(ann.project, &both, None).await, ErrorCode::NotFound);
    refused(ann.api.delete_images(ann.project, &both).await, ErrorCode::NotFound);
    bob.api.delete_images(bob.project, &ids(&his)).await.expect("one's own");
    refused(ann.api.restore_images(ann.project, &both).await, ErrorCode::NotFound);
    bob.api.restore_images(bob.project, &ids(&his)).await.expect("within a day");
    for (person, images) in [(&ann, hers), (&bob, his)] {
        let labels: Vec<_> = list(person).await.into_iter().map(|image| image.label_id).collect();
        assert_eq!(labels, vec![images[0].label_id; 2], "all or nothing");
    }
}

async fn the_same_bytes_as_a_deleted_image_can_be_uploaded_again(server: &Server) {
    let ann = Person::new(server).await;
    let file = Motif::Circles.files(1);
    let first = ann.upload(&file, None).await.remove(0);
    ann.api.delete_image(first.id).await.expect("it is there");
    let second = ann.upload(&file, None).await.remove(0);
    assert_eq!(ids(&list(&ann).await), [second.id]);
    assert_eq!(ann.api.image_file(second.id).await.bytes().await.expect("a file"), file[0].bytes);
}

async fn list(person: &Person) -> Vec<Image> {
    person.api.images(person.project, &ImageQuery::default()).await.expect("one's own").items
}

fn ids(images: &[Image]) -> Vec<ImageId> {
    images.iter().map(|image| image.id).collect()
}
