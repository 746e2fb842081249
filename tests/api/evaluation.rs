//! How good a model is: evaluation, probable label errors, comparison, card.

use dto::{
    ErrorCode, ModelId,
    evaluation::{LabelErrorQuery, NoteKind},
    model::TrainRequest,
};
use pupil_tests::{
    File, Person, Server,
    pictures::{Motif, jpeg},
    refused,
};
use uuid::Uuid;

both_databases![
    an_evaluation_counts_what_was_mistaken_for_what,
    uneven_and_tiny_labels_are_said_and_still_learned,
    a_run_says_that_its_images_have_changed_since,
    wrong_labels_come_first_and_can_be_settled,
    a_comparison_says_what_changed,
    the_same_data_and_seed_give_the_same_card_and_scores,
    a_hundred_labels_are_learned,
    pictures_that_are_all_alike_promise_nothing,
    what_another_user_evaluates_does_not_exist,
];

async fn an_evaluation_counts_what_was_mistaken_for_what(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(30).await;
    let model = ann.train().await;
    let evaluation = ann.api.evaluation(model.id).await.expect("ready");
    assert_eq!((evaluation.images, evaluation.tested, evaluation.accuracy), (60, 60, model.accuracy));
    let names: Vec<_> = evaluation.labels.iter().map(|label| (label.label.as_str(), label.images)).collect();
    assert_eq!(names, [("circles", 30), ("stripes", 30)]);
    let confusion = &evaluation.confusion;
    assert_eq!(confusion.iter().flatten().sum::<u64>(), 60);
    let right = (confusion[0][0] + confusion[1][1]) as f64 / 60.0;
    assert!((right - model.accuracy.expect("tested")).abs() < 1e-9);
    for number in [evaluation.macro_f1, evaluation.log_loss, evaluation.calibration_error] {
        assert!(number.is_some_and(|number| number.is_finite() && number >= 0.0), "{evaluation:?}");
    }
    assert!(evaluation.labels.iter().all(|label| label.precision > Some(0.8) && label.recall > Some(0.8)));
    assert_eq!(evaluation.notes, []);
}

async fn uneven_and_tiny_labels_are_said_and_still_learned(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_motif(Motif::Circles, 60).await;
    ann.upload_motif(Motif::Stripes, 2).await;
    let single = Motif::Stripes.files_from(500, 1);
    ann.upload(&single, Some("alone")).await;
    let model = ann.train().await;
    let evaluation = ann.api.evaluation(model.id).await.expect("ready");
    let kinds: Vec<_> = evaluation.notes.iter().map(|note| note.kind).collect();
    assert!(kinds.contains(&NoteKind::Imbalanced) && kinds.contains(&NoteKind::Untested), "{:?}", evaluation.notes);
    let alone = evaluation.labels.iter().find(|label| label.label == "alone").expect("it was learned");
    assert_eq!((alone.images, alone.tested, alone.recall), (1, 0, None));
    // Without weights for labels, everything would be circles.
    let unseen = ann.api.predict(model.id, &Motif::Stripes.files_from(900, 10)).await.expect("ready");
    let as_circles = unseen.items.iter().filter(|item| item.label.as_deref() == Some("circles")).count();
    assert!(as_circles <= 3, "{as_circles} of 10 pictures of stripes");
}

async fn a_run_says_that_its_images_have_changed_since(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(30).await;
    let model = ann.train().await;
    ann.api.label_image(circles[0].id, stripes[0].label_id).await.expect("one's own");
    ann.api.delete_image(circles[1].id).await.expect("one's own");
    let evaluation = ann.api.evaluation(model.id).await.expect("ready");
    let note = evaluation.notes.iter().find(|note| note.kind == NoteKind::ChangedSince).expect("two have changed");
    assert!(note.text.contains("1 picture was relabelled and 1 picture was deleted"), "{}", note.text);
    assert_eq!(evaluation.tested, 60, "the numbers are of the pictures as they were");
}

async fn wrong_labels_come_first_and_can_be_settled(server: &Server) {
    let ann = Person::new(server).await;
    let [_, stripes] = ann.upload_both(40).await;
    let wrong = ann.upload(&Motif::Circles.files_from(700, 3), Some("stripes")).await;
    let model = ann.train().await;
    let all = ann.api.label_errors(model.id, &LabelErrorQuery::default()).await.expect("ready").items;
    assert_eq!(all.len(), 83, "every picture has its place on the list");
    assert!(all.is_sorted_by(|a, b| a.suspicion >= b.suspicion));
    let first: Vec<_> = all[..3].iter().map(|error| error.image_id).collect();
    assert!(wrong.iter().all(|image| first.contains(&image.id)), "{all:?}");
    assert_eq!((all[0].given.as_str(), all[0].suggested.as_str(), all[0].likely), ("stripes", "circles", true));

    // One is corrected, one is confirmed: both are settled.
    let circles = all[0].suggested_id;
    ann.api.label_image(wrong[0].id, Some(circles)).await.expect("one's own");
    ann.api.confirm(ann.project, vec![wrong[1].id], true).await.expect("one's own");
    let left = ann.api.label_errors(model.id, &LabelErrorQuery::default()).await.expect("ready").items;
    assert_eq!((left.len(), left[0].image_id), (81, wrong[2].id));
    let mistakes = ann.api.mistakes(model.id).await.expect("ready").items;
    assert!(mistakes.iter().all(|mistake| mistake.image_id != wrong[1].id));
    ann.api.confirm(ann.project, vec![wrong[1].id], false).await.expect("one's own");
    let left = ann.api.label_errors(model.id, &LabelErrorQuery::default()).await.expect("ready").items;
    assert_eq!(left.len(), 82, "the confirmation was taken back");
    let nobody = ann.api.confirm(ann.project, vec![stripes[0].id, dto::ImageId(Uuid::now_v7())], true).await;
    refused(nobody, ErrorCode::NotFound);
}

async fn a_comparison_says_what_changed(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(20).await;
    let before = ann.train().await;
    ann.upload(&Motif::Stripes.files_from(300, 5), Some("stripes")).await;
    ann.api.delete_image(circles[0].id).await.expect("one's own");
    ann.api.create_label(ann.project, "later").await.expect("a new name");
    ann.upload(&Motif::Circles.files_from(400, 3), Some("later")).await;
    let after = ann
        .train_as(&TrainRequest { seed: Some(5), max_epochs: Some(9), ..TrainRequest::default() })
        .await
        .expect("there is enough");
    let compared = ann.api.compare(before.id, after.id).await.expect("both are ready");
    let data = &compared.data;
    assert_eq!((data.images_before, data.images_after), (40, 47));
    assert_eq!((data.added, data.removed, data.relabelled), (8, 1, 0));
    assert_eq!(data.labels_added.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["later"]);
    let changed: Vec<_> =
        compared.settings.iter().map(|it| (it.setting.as_str(), it.before.as_str(), it.after.as_str())).collect();
    assert_eq!(changed, [("max_epochs", "50", "9"), ("seed", "0", "5")]);
    assert_eq!(compared.head_to_head.images, 39);
    assert!((0.0..=1.0).contains(&compared.head_to_head.p_value) && !compared.verdict.is_empty());
    assert_eq!((compared.before.accuracy, compared.after.accuracy), (before.accuracy, after.accuracy));
}

async fn the_same_data_and_seed_give_the_same_card_and_scores(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload_both(15).await;
    let (first, second) = (ann.train().await, ann.train().await);
    let [mut one, two] = [ann.api.card(first.id).await, ann.api.card(second.id).await].map(|card| card.expect("ready"));
    assert_eq!((one.images, one.label_weights.as_str(), one.settings.seed), (30, "balanced", 0));
    one.model_id = second.id;
    assert_eq!(one, two);
    let [one, two] = [first.id, second.id].map(|id| ann.api.evaluation(id));
    let (one, two) = (one.await.expect("ready"), two.await.expect("ready"));
    assert_eq!((one.log_loss, one.calibration_error), (two.log_loss, two.calibration_error));
    assert!(ann.api.compare(first.id, second.id).await.expect("ready").verdict.contains("equally good"));
}

async fn a_hundred_labels_are_learned(server: &Server) {
    let ann = Person::new(server).await;
    for label in 0..100u64 {
        ann.upload(&Motif::Circles.files_from(label * 2, 2), Some(&format!("label {label}"))).await;
    }
    let model = ann.train().await;
    let evaluation = ann.api.evaluation(model.id).await.expect("ready");
    assert_eq!((evaluation.labels.len(), evaluation.confusion.len(), evaluation.images), (100, 100, 200));
    let answer = ann.api.predict(model.id, &Motif::Circles.files_from(900, 1)).await.expect("ready");
    let sum: f64 = answer.items[0].probabilities.iter().map(|it| it.probability).sum();
    assert_eq!(answer.items[0].probabilities.len(), 100);
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    assert_eq!(answer.items[0].unsure, Some(true), "it can't know which of a hundred circles this is");
}

async fn pictures_that_are_all_alike_promise_nothing(server: &Server) {
    let ann = Person::new(server).await;
    let picture = Motif::Circles.draw(1);
    let shot = |shade: i32| File::new(format!("shot-{shade}.jpg"), jpeg(&image::imageops::brighten(&picture, shade)));
    ann.upload(&(0..6).map(shot).collect::<Vec<_>>(), Some("left")).await;
    ann.upload(&(6..12).map(shot).collect::<Vec<_>>(), Some("right")).await;
    let model = ann.train().await;
    assert_eq!((model.accuracy, model.accuracy_interval), (None, None), "there was nothing to test it with");
    let evaluation = ann.api.evaluation(model.id).await.expect("ready");
    assert_eq!((evaluation.images, evaluation.tested), (12, 0));
    assert_eq!((evaluation.macro_f1, evaluation.log_loss, evaluation.calibration_error), (None, None, None));
    assert!(evaluation.notes.iter().any(|note| note.kind == NoteKind::Untested), "{:?}", evaluation.notes);
    let answer = ann.api.predict(model.id, &[shot(20)]).await.expect("ready");
    let item = &answer.items[0];
    assert!(item.probability.is_some_and(f64::is_finite) && item.unsure == Some(true), "{item:?}");
}

async fn what_another_user_evaluates_does_not_exist(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    ann.upload_both(8).await;
    bob.upload_both(8).await;
    let (hers, his) = (ann.train().await.id, bob.train().await.id);
    for id in [hers, ModelId(Uuid::now_v7())] {
        refused(bob.api.evaluation(id).await, ErrorCode::NotFound);
        refused(bob.api.label_errors(id, &LabelErrorQuery::default()).await, ErrorCode::NotFound);
        refused(bob.api.card(id).await, ErrorCode::NotFound);
        refused(bob.api.compare(his, id).await, ErrorCode::NotFound);
        refused(bob.api.compare(id, his).await, ErrorCode::NotFound);
    }
}
