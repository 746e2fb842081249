//! `POST /api/models/{id}/predict` and `/api/projects/{id}/predict`.

use dto::{
    ErrorCode, limits,
    predict::{Prediction, Predictions},
};
use futures::future::join_all;
use pupil_tests::{
    File, Person, Server,
    client::check,
    files::form,
    pictures::{self, Motif},
    refused,
};
use reqwest::multipart::Form;

both_databases![
    each_file_gets_the_probability_of_every_label,
    the_same_file_always_gets_the_same_answer,
    an_unreadable_file_has_a_problem_and_the_others_are_answered,
    without_an_expected_label_nothing_is_right_or_wrong,
    one_expected_label_holds_for_all_files,
    each_file_may_have_its_own_expected_label,
    a_wrong_number_of_expected_labels_is_refused,
    a_renamed_label_shows_its_name_of_now,
    an_older_model_still_predicts,
    a_project_without_a_model_says_so,
    predicting_stores_nothing,
    a_request_without_a_file_is_refused,
    a_request_with_too_many_files_is_refused,
    many_can_predict_at_once,
];

const SOME: u64 = 12;

async fn each_file_gets_the_probability_of_every_label(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    let files = unseen(3);
    let answer = ann.api.predict(model.id, &files).await.expect("a ready model");
    assert_eq!((answer.model_id, answer.items.len()), (model.id, 6));
    for (item, file) in answer.items.iter().zip(&files) {
        assert_eq!(item.file_name, file.name);
        assert_is_answered(item);
        assert!(file.name.starts_with(item.label.as_deref().expect("answered")), "{item:?}");
        let labels: Vec<_> = model.labels.iter().map(|label| label.id).collect();
        assert!(item.probabilities.iter().all(|part| labels.contains(&part.label_id)));
        assert_eq!(item.probabilities.len(), labels.len());
    }
    let same = ann.api.predict_in_project(ann.project, &files).await.expect("a ready model");
    assert_eq!(same, answer);
}

async fn the_same_file_always_gets_the_same_answer(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    let files = unseen(2);
    let together = ann.api.predict(model.id, &files).await.expect("a ready model");
    for (file, item) in files.into_iter().zip(&together.items) {
        let alone = ann.api.predict(model.id, &[file]).await.expect("a ready model").items.remove(0);
        assert_eq!(alone.label, item.label);
        let (a, b) = (alone.probability.expect("answered"), item.probability.expect("answered"));
        assert!((a - b).abs() < 1e-4, "{a} alone, {b} among others");
    }
}

async fn an_unreadable_file_has_a_problem_and_the_others_are_answered(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    let broken = [
        (File::new("text.jpg", *b"not a picture"), ErrorCode::NotAnImage),
        (File::new("empty.jpg", []), ErrorCode::FileEmpty),
        (File::new("half.jpg", pictures::truncated(pictures::jpeg(&Motif::Circles.draw(1)))), ErrorCode::ImageDamaged),
        (File::new("bomb.png", pictures::png_bomb()), ErrorCode::TooManyPixels),
    ];
    let mut files = unseen(1);
    files.splice(1..1, broken.iter().map(|(file, _)| file.clone()));
    let answer = ann.api.predict_form(model.id, form(&files).text("expected", "circles")).await.expect("answered");
    for ((file, code), item) in broken.iter().zip(&answer.items[1..]) {
        let problem = item.problem.as_ref().expect("it can't be read");
        check(problem);
        assert_eq!((item.file_name.as_str(), problem.code), (file.name.as_str(), *code));
        assert_eq!((&item.label, item.label_id, item.probability, item.unsure), (&None, None, None, None));
        assert_eq!((item.probabilities.len(), item.correct), (0, None));
    }
    assert_is_answered(&answer.items[0]);
    assert_is_answered(answer.items.last().expect("there are items"));
    assert_eq!(answer.accuracy, Some(0.5), "of the readable ones, a circle is one and a stripe is not");
}

async fn without_an_expected_label_nothing_is_right_or_wrong(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let answer = ann.api.predict(ann.train().await.id, &unseen(1)).await.expect("a ready model");
    assert_eq!(answer.accuracy, None);
    assert!(answer.items.iter().all(|item| item.expected.is_none() && item.correct.is_none()));
}

async fn one_expected_label_holds_for_all_files(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let body = form(&unseen(2)).text("expected", "stripes");
    let answer = ann.api.predict_form(ann.train().await.id, body).await.expect("a ready model");
    assert_eq!(correct(&answer), [Some(false), Some(false), Some(true), Some(true)]);
    assert!(answer.items.iter().all(|item| item.expected.as_deref() == Some("stripes")));
    assert_eq!(answer.accuracy, Some(0.5));
}

async fn each_file_may_have_its_own_expected_label(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    let expected = ["circles", "stripes", "stripes", "no such label"];
    let answer = ann.api.predict_form(model.id, expecting(&unseen(2), &expected)).await.expect("one each");
    assert_eq!(correct(&answer), [Some(true), Some(false), Some(true), Some(false)]);
    let told: Vec<_> = answer.items.iter().filter_map(|item| item.expected.as_deref()).collect();
    assert_eq!(told, expected);
    assert_eq!(answer.accuracy, Some(0.5));
}

async fn a_wrong_number_of_expected_labels_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    for expected in [&["circles"; 3][..], &["circles"; 5][..]] {
        let answer = ann.api.predict_form(model.id, expecting(&unseen(2), expected)).await;
        refused(answer, ErrorCode::InvalidRequest);
    }
}

async fn a_renamed_label_shows_its_name_of_now(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(SOME).await;
    let model = ann.train().await;
    let label = circles[0].label_id.expect("labelled");
    ann.api.rename_label(label, "round").await.expect("a new name");
    let body = form(&unseen(1)).text("expected", "round");
    let answer = ann.api.predict_form(model.id, body).await.expect("a ready model");
    let item = &answer.items[0];
    assert_eq!((item.label.as_deref(), item.label_id, item.correct), (Some("round"), Some(label), Some(true)));
    assert!(item.probabilities.iter().any(|part| part.label == "round"));
}

async fn an_older_model_still_predicts(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let (older, newer) = (ann.train().await, ann.train().await);
    let file = unseen(1);
    assert_eq!(ann.api.predict(older.id, &file).await.expect("a ready model").model_id, older.id);
    assert_eq!(ann.api.predict_in_project(ann.project, &file).await.expect("a ready model").model_id, newer.id);
}

async fn a_project_without_a_model_says_so(server: &Server) {
    let ann = Person::new(server).await;
    refused(ann.api.predict_in_project(ann.project, &unseen(1)).await, ErrorCode::NoModel);
}

async fn predicting_stores_nothing(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    ann.api.predict(ann.train().await.id, &unseen(3)).await.expect("a ready model");
    assert_eq!(ann.api.project(ann.project).await.expect("one's own").image_count, 2 * SOME);
}

async fn a_request_without_a_file_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let body = Form::new().text("expected", "circles");
    refused(ann.api.predict_form(ann.train().await.id, body).await, ErrorCode::InvalidRequest);
}

async fn a_request_with_too_many_files_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let files = vec![unseen(1).remove(0); limits::FILES_PER_REQUEST + 1];
    refused(ann.api.predict(ann.train().await.id, &files).await, ErrorCode::TooManyFiles);
}

async fn many_can_predict_at_once(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(SOME).await;
    let model = ann.train().await;
    let files = unseen(8);
    let answers = join_all(files.iter().map(|file| ann.api.predict(model.id, std::slice::from_ref(file)))).await;
    for (answer, file) in answers.into_iter().zip(&files) {
        let item = answer.expect("a ready model").items.remove(0);
        assert_eq!(item.file_name, file.name);
        assert!(file.name.starts_with(item.label.as_deref().expect("answered")), "{item:?}");
    }
}

/// `count` circles and then `count` stripes that no test trains on.
fn unseen(count: u64) -> Vec<File> {
    [Motif::Circles, Motif::Stripes].into_iter().flat_map(|motif| motif.files_from(900, count)).collect()
}

fn expecting(files: &[File], labels: &[&str]) -> Form {
    labels.iter().fold(form(files), |form, label| form.text("expected", (*label).to_owned()))
}

fn correct(answer: &Predictions) -> Vec<Option<bool>> {
    answer.items.iter().map(|item| item.correct).collect()
}

#[track_caller]
fn assert_is_answered(item: &Prediction) {
    assert_eq!(item.problem, None);
    assert!(item.unsure.is_some());
    let sum: f64 = item.probabilities.iter().map(|part| part.probability).sum();
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    assert!(item.probabilities.is_sorted_by(|a, b| a.probability >= b.probability));
    let best = &item.probabilities[0];
    let said = (item.label.as_ref(), item.label_id, item.probability);
    assert_eq!(said, (Some(&best.label), Some(best.label_id), Some(best.probability)));
}
