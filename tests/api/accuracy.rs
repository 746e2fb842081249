//! How well Pupil learns real photos, from the upload script to predictions on photos that it has never seen.

use crate::scripts;
use dto::model::{Backbone, TrainRequest};
use pupil_tests::{Database, File, Person, Server, data, files::form, notice::notice};
use std::{fs, path::Path};

/// A set of photos, and the share of its test photos that each backbone must get right.
struct Bar {
    photos: &'static str,
    backbones: [(Backbone, f64); 2],
}

#[tokio::test]
async fn dogs_and_cats_are_told_apart() {
    let backbones = [(Backbone::Resnet18, 0.975), (Backbone::EfficientnetLite0, 0.985)];
    measure(Bar { photos: "dogs_vs_cats", backbones }).await;
}

#[tokio::test]
async fn five_kinds_of_flowers_are_told_apart() {
    let backbones = [(Backbone::Resnet18, 0.855), (Backbone::EfficientnetLite0, 0.885)];
    measure(Bar { photos: "flowers5", backbones }).await;
}

async fn measure(bar: Bar) {
    let Some(photos) = data::folder(bar.photos) else { return };
    let server = Server::shared(Database::Sqlite).await;
    let ann = Person::new(server).await;
    let upload = scripts::run("upload-folder.sh", &ann, [photos.join("train")]).await;
    assert_eq!(upload.code, Some(0), "{upload:?}");
    let health = server.client().health().await.expect("ready").backbones;
    for (backbone, least) in bar.backbones {
        let Some(ready) = health.iter().find(|health| health.backbone == backbone && health.pretrained) else {
            notice(&format!("skipped: {} has no weights here", backbone.title()));
            continue;
        };
        let request = TrainRequest { backbone: Some(ready.backbone), ..TrainRequest::default() };
        let model = ann.train_as(&request).await.expect("there are photos of each label");
        let accuracy = accuracy_on(&ann, &photos.join("test")).await;
        let promised = model.accuracy.expect("a ready model has one");
        let which = format!("{} with {}", bar.photos, backbone.title());
        notice(&format!("{which}: {accuracy:.3} of unseen photos, {promised:.3} promised"));
        assert!(accuracy >= least, "{which}: {accuracy} < {least}");
        assert!((promised - accuracy).abs() < 0.06, "it promised {promised}, and {accuracy} came true");
    }
}

/// Predicts every photo of a folder per label with the newest model, and returns the share of right answers.
pub async fn accuracy_on(person: &Person, folder: &Path) -> f64 {
    let (mut right, mut total) = (0, 0);
    for label_folder in fs::read_dir(folder).expect("the photos are there").flatten() {
        let label = label_folder.file_name().into_string().expect("a label is Unicode");
        let files: Vec<File> = data::files_in(&label_folder.path()).iter().map(|path| data::read(path)).collect();
        let body = form(&files).text("expected", label);
        let model = person.api.project(person.project).await.expect("one's own").active_model_id.expect("just trained");
        let answer = person.api.predict_form(model, body).await.expect("a ready model");
        assert!(answer.items.iter().all(|item| item.problem.is_none()), "every photo can be read");
        right += answer.items.iter().filter(|item| item.correct == Some(true)).count();
        total += answer.items.len();
    }
    right as f64 / total as f64
}
