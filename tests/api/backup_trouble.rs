//! A backup of what is not in order, and a restore that breaks off.

use crate::{
    backup::{assert_same, backup, everything, pupil, restore, wait_embedded},
    check::{check, flip_last_byte},
};
use dto::{
    ErrorCode,
    model::{Mode, Status, TrainRequest},
};
use pupil_tests::{Database, Home, Person, Server, files::files_below, pictures::Motif};
use std::fs;

both_databases_own_server![
    what_was_damaged_before_is_told_and_restored_as_repairing_leaves_it,
    a_restore_that_broke_off_begins_again_and_replaces_no_secret,
];

async fn what_was_damaged_before_is_told_and_restored_as_repairing_leaves_it(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(8).await;
    let (changed, missing, sound) = (ann.train().await.id, ann.train().await.id, ann.train().await.id);
    let fine_tune = TrainRequest { mode: Mode::FineTune, max_epochs: Some(1), ..TrainRequest::default() };
    let tuned = ann.train_as(&fine_tune).await.expect("enough pictures").id;
    wait_embedded(&ann).await;
    let models = home.data_folder().join("blobs/models");
    flip_last_byte(models.join(format!("{changed}.safetensors")));
    fs::remove_file(models.join(format!("{missing}.safetensors"))).expect("one's own folder");
    flip_last_byte(models.join(format!("{tuned}.backbone.safetensors")));

    let file = home.data_folder().join("backup.tar");
    let saved = pupil(&home, "backup", &file).await;
    assert_eq!(saved.code, Some(1), "{saved:?}");
    assert!(saved.stdout.contains("damaged pictures: 0, damaged models: 3."), "{saved:?}");
    let repaired = check(&home, &["--repair"]).await;
    assert_eq!(repaired.code, Some(1), "{repaired:?}");
    let expected = everything(&ann.api).await;
    server.stop();

    let other = Home::new(database).await;
    restore(&other, &file).await;
    let server = Server::start(&other);
    let ann = ann.at(&server);
    for model in [changed, missing, tuned] {
        let model = ann.api.model(model).await.expect("its row is kept");
        assert_eq!(model.status, Status::Failed);
        assert_eq!(model.problem.expect("a reason").code, ErrorCode::ModelDamaged);
    }
    assert_same(&everything(&ann.api).await, &expected);
    ann.api.predict(sound, &Motif::Circles.files_from(900, 1)).await.expect("its file is whole");
    let checked = check(&other, &[]).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
    let again = pupil(&other, "backup", &other.data_folder().join("backup.tar")).await;
    assert_eq!(again.code, Some(0), "what is known is no news: {again:?}");
}

async fn a_restore_that_broke_off_begins_again_and_replaces_no_secret(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload(&Motif::Circles.files(3), Some("circles")).await;
    wait_embedded(&ann).await;
    let before = everything(&ann.api).await;
    let file = backup(&home).await;
    server.stop();
    let secret = fs::read(home.data_folder().join("secret")).expect("it was made at the start");

    let other = Home::new(database).await;
    let kept = other.data_folder().join("secret");
    fs::write(&kept, "a secret of somebody else's, who may still need it").expect("one's own folder");
    let refused = pupil(&other, "restore", &file).await;
    assert!(refused.code != Some(0) && refused.stderr.contains("another secret"), "{refused:?}");
    assert_eq!(fs::read_to_string(&kept).expect("it stays"), "a secret of somebody else's, who may still need it");
    fs::remove_file(&kept).expect("one's own folder");

    // It breaks off at a file, as something lies in its place.
    let thumbnail = files_below(&home.data_folder().join("blobs/thumbnails")).pop().expect("there are three");
    let place = other.data_folder().join(thumbnail.strip_prefix(home.data_folder()).expect("it is in there"));
    fs::create_dir_all(place.join("something")).expect("one's own folder");
    let broken_off = pupil(&other, "restore", &file).await;
    assert!(broken_off.code != Some(0) && broken_off.stderr.contains("nothing is restored"), "{broken_off:?}");
    assert_eq!(fs::read(&kept).expect("it is there before any row"), secret);
    fs::remove_dir_all(&place).expect("one's own folder");
    restore(&other, &file).await;
    assert_eq!(fs::read(&kept).expect("it stays"), secret);
    let server = Server::start(&other);
    assert_same(&everything(&ann.api_at(&server)).await, &before);
}
