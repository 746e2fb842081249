//! `GET /api/models/{id}/results`: what a model says of the images it learned from.

use dto::{
    ErrorCode,
    model::{Status, TrainRequest},
    result::{ImageResult, ResultQuery},
};
use pupil_tests::{Person, Server, pictures::Motif, refused};
use std::collections::HashSet;

both_databases![
    every_image_has_a_result_from_a_model_that_had_not_seen_it,
    a_mislabelled_image_is_a_mistake_until_it_is_relabelled,
    results_are_paged_with_the_surest_first,
    results_can_be_narrowed_to_one_label,
    results_carry_the_names_that_labels_have_now,
    deleted_images_are_left_out,
    a_run_that_was_stopped_has_no_results,
];

const SOME: u64 = 12;

async fn every_image_has_a_result_from_a_model_that_had_not_seen_it(server: &Server) {
    let ann = Person::new(server).await;
    let images = ann.upload_both(SOME).await.concat();
    let model = ann.train().await;
    let results = all(&ann, &model.id, ResultQuery::default()).await;
    let of: HashSet<_> = results.iter().map(|result| result.image_id).collect();
    assert_eq!(of, images.iter().map(|image| image.id).collect());
    assert_eq!(results.len(), images.len());
    for result in &results {
        let image = images.iter().find(|image| image.id == result.image_id).expect("one of the images");
        assert_eq!(result.file_name, image.file_name);
        assert_eq!((Some(result.label_at_training_id), result.current_label_id), (image.label_id, image.label_id));
        assert!(result.out_of_fold && (0.5..=1.0).contains(&result.probability), "{result:?}");
    }
    let right = results.iter().filter(|result| result.predicted_id == result.label_at_training_id).count();
    let accuracy = model.accuracy.expect("a ready model has one");
    assert!((accuracy - right as f64 / results.len() as f64).abs() < 1e-9, "the accuracy is the share of right ones");
}

async fn a_mislabelled_image_is_a_mistake_until_it_is_relabelled(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(SOME).await;
    let wrong = ann.upload(&Motif::Circles.files_from(700, 1), Some("stripes")).await.remove(0);
    let model = ann.train().await;
    let find = async || {
        let mistakes = ann.api.mistakes(model.id).await.expect("one's own").items;
        assert!(mistakes.iter().all(|result| Some(result.predicted_id) != result.current_label_id), "{mistakes:?}");
        mistakes.into_iter().find(|result| result.image_id == wrong.id)
    };
    let mistake = find().await.expect("a circle among the stripes");
    assert_eq!((mistake.predicted.as_str(), mistake.label_at_training.as_str()), ("circles", "stripes"));
    assert_eq!(mistake.current_label.as_deref(), Some("stripes"));

    ann.api.label_image(wrong.id, circles[0].label_id).await.expect("one's own");
    assert_eq!(find().await, None, "its label is now what the model says");
    ann.api.label_image(wrong.id, stripes[0].label_id).await.expect("one's own");
    assert!(find().await.is_some());
}

async fn results_are_paged_with_the_surest_first(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    let whole = all(&ann, &model.id, ResultQuery::default()).await;
    assert!(whole.is_sorted_by(|a, b| a.probability >= b.probability));
    let paged = all(&ann, &model.id, ResultQuery { limit: Some(5), ..ResultQuery::default() }).await;
    assert_eq!(paged, whole);
    let bad_cursor = ResultQuery { cursor: Some("?".into()), ..ResultQuery::default() };
    refused(ann.api.results(model.id, &bad_cursor).await, ErrorCode::InvalidRequest);
}

async fn results_can_be_narrowed_to_one_label(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(SOME).await;
    let wrong = ann.upload(&Motif::Circles.files_from(800, 1), Some("stripes")).await.remove(0);
    let model = ann.train().await;
    let of = async |label, mistakes| -> HashSet<_> {
        let query = ResultQuery { label, mistakes, limit: Some(5), ..ResultQuery::default() };
        all(&ann, &model.id, query).await.into_iter().map(|result| result.image_id).collect()
    };
    assert_eq!(of(circles[0].label_id, None).await, circles.iter().map(|image| image.id).collect());
    let with_the_wrong_one: HashSet<_> = stripes.iter().map(|image| image.id).chain([wrong.id]).collect();
    assert_eq!(of(stripes[0].label_id, None).await, with_the_wrong_one);
    assert!(of(stripes[0].label_id, Some(true)).await.contains(&wrong.id));
    assert!(!of(circles[0].label_id, Some(true)).await.contains(&wrong.id));

    ann.api.label_image(wrong.id, circles[0].label_id).await.expect("one's own");
    assert!(of(circles[0].label_id, None).await.contains(&wrong.id), "it is the label of now that counts");
}

async fn results_carry_the_names_that_labels_have_now(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(SOME).await;
    let model = ann.train().await;
    let [round, straight] = [circles, stripes].map(|images| images[0].label_id.expect("labelled"));
    ann.api.rename_label(round, "round").await.expect("a new name");
    ann.api.delete_label(straight).await.expect("it is there");

    let model = ann.api.model(model.id).await.expect("one's own");
    let names: Vec<_> = model.labels.iter().map(|label| label.name.as_str()).collect();
    assert_eq!(names, ["round", "stripes"], "a deleted label keeps the name it had");
    for result in all(&ann, &model.id, ResultQuery::default()).await {
        let (trained, current) = (result.label_at_training.as_str(), result.current_label.as_deref());
        assert!(matches!((trained, current), ("round", Some("round")) | ("stripes", None)), "{result:?}");
        assert!(["round", "stripes"].contains(&result.predicted.as_str()), "{result:?}");
    }
}

async fn deleted_images_are_left_out(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(SOME).await;
    let model = ann.train().await;
    ann.api.delete_image(circles[0].id).await.expect("it is there");
    let results = all(&ann, &model.id, ResultQuery::default()).await;
    assert_eq!(results.len() as u64, 2 * SOME - 1);
    ann.api.restore_images(ann.project, &[circles[0].id]).await.expect("within a day");
    assert_eq!(all(&ann, &model.id, ResultQuery::default()).await.len() as u64, 2 * SOME);
}

async fn a_run_that_was_stopped_has_no_results(server: &Server) {
    let ann = Person::new(server).await;
    for motif in [Motif::Circles, Motif::Stripes] {
        ann.upload(&motif.files_from(30_000, 150), Some(motif.label())).await;
    }
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough");
    refused(ann.api.results(run.id, &ResultQuery::default()).await, ErrorCode::ModelNotReady);
    ann.api.cancel(run.id).await.expect("it has just begun");
    assert_eq!(ann.api.wait_until_over(run.id).await.status, Status::Cancelled);
    refused(ann.api.results(run.id, &ResultQuery::default()).await, ErrorCode::ModelNotReady);
}

/// The results of all pages.
async fn all(person: &Person, model: &dto::ModelId, mut query: ResultQuery) -> Vec<ImageResult> {
    let mut results = Vec::new();
    loop {
        let page = person.api.results(*model, &query).await.expect("one's own");
        results.extend(page.items);
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return results,
        }
    }
}
