//! Model files that are not as they were written: that model says so, and every other works.

use crate::check::flip_last_byte;
use dto::{
    ErrorCode,
    model::{Mode, TrainRequest},
};
use pupil_tests::{Database, Home, Person, Server, pictures::Motif, refused};
use std::{
    fs,
    path::{Path, PathBuf},
};

both_databases_own_server![a_damaged_model_says_so_and_others_work];

async fn a_damaged_model_says_so_and_others_work(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let [circles, _] = ann.upload_both(8).await;
    let sound = ann.train().await.id;
    let (changed, cut, missing) = (ann.train().await.id, ann.train().await.id, ann.train().await.id);
    let fine_tune = TrainRequest { mode: Mode::FineTune, max_epochs: Some(1), ..TrainRequest::default() };
    let [tuned, tuned_wrong] = [
        ann.train_as(&fine_tune).await.expect("enough pictures").id,
        ann.train_as(&fine_tune).await.expect("enough pictures").id,
    ];

    let file =
        |name: &str| find(home.data_folder(), name).unwrap_or_else(|| panic!("{name} is kept in the data folder"));
    flip_last_byte(file(&format!("{changed}.safetensors")));
    let at = file(&format!("{cut}.safetensors"));
    fs::File::options().write(true).open(at).and_then(|file| file.set_len(100)).expect("one's own folder");
    fs::remove_file(file(&format!("{missing}.safetensors"))).expect("one's own folder");
    let at = file(&format!("{tuned}.backbone.safetensors"));
    fs::File::options().write(true).open(at).and_then(|file| file.set_len(1000)).expect("one's own folder");
    // It can be read, and would predict something.
    flip_last_byte(file(&format!("{tuned_wrong}.backbone.safetensors")));

    let unseen = Motif::Circles.files_from(900, 2);
    for model in [changed, cut, missing, tuned, tuned_wrong] {
        let problem = refused(ann.api.predict(model, &unseen).await, ErrorCode::ModelDamaged);
        assert!(problem.detail.contains("Train again"), "{problem:?}");
        refused(ann.api.heat_map(model, circles[0].id, "").await, ErrorCode::ModelDamaged);
    }
    let answer = ann.api.predict(sound, &unseen).await.expect("its file is whole");
    assert!(answer.items.iter().all(|item| item.label.as_deref() == Some("circles")), "{answer:?}");
    let again = ann.train().await.id;
    ann.api.predict(again, &unseen).await.expect("the newest is whole");
}

/// A file below a folder, by its name.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .find_map(|path| if path.is_dir() { find(&path, name) } else { (path.file_name()? == name).then_some(path) })
}
