//! `pupil check`: damage is found, told in plain sentences, and mended as far as it can be.

use dto::{
    ErrorCode, ImageId,
    image::Outcome,
    model::{Mode, Status, TrainRequest},
};
use pupil_tests::{
    Database, Home, Person, Server, database,
    deadline::eventually,
    files::form,
    pictures::Motif,
    program::{self, Finished},
    refused,
};
use reqwest::{Method, StatusCode, header};
use std::{fs, path::PathBuf};

both_databases_own_server![a_running_system_is_in_order, damage_is_told_and_mended,];

pub async fn check(home: &Home, arguments: &[&str]) -> Finished {
    let mut command = home.command();
    command.arg("check").args(arguments);
    program::run(command).await
}

async fn a_running_system_is_in_order(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(8).await;
    let (api, project) = (ann.api.clone(), ann.project);
    // Pictures and models come and go while it looks.
    let load = tokio::spawn(async move {
        for seed in (0_u64..).step_by(4) {
            let files = form(&Motif::Circles.files_from(10_000 + seed, 4)).text("label", "circles");
            let request = api.request(Method::POST, &format!("/projects/{project}/images")).multipart(files);
            if request.send().await.is_err() {
                return;
            }
            let Ok(run) = api.train(project, &TrainRequest::default()).await else { continue };
            api.wait_until_over(run.id).await;
            api.delete_model(run.id).await.expect("it is there");
        }
    });
    for _ in 0..3 {
        let checked = check(&home, &[]).await;
        assert_eq!(checked.code, Some(0), "{checked:?}");
        assert!(checked.stdout.starts_with("Everything is in order (pictures: "), "{checked:?}");
    }
    load.abort();
}

async fn damage_is_told_and_mended(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let files = Motif::Circles.files(8);
    let images = ann.upload(&files, Some("circles")).await;
    ann.upload_motif(Motif::Stripes, 8).await;
    let (sound, broken) = (ann.train().await.id, ann.train().await.id);
    let fine_tune = TrainRequest { mode: Mode::FineTune, max_epochs: Some(1), ..TrainRequest::default() };
    let tuned = ann.train_as(&fine_tune).await.expect("enough pictures").id;

    let paths = async |id: ImageId| {
        let response = ann.api.image_file(id).await;
        let tag = response.headers()[header::ETAG].to_str().expect("ASCII").trim_matches('"').to_owned();
        let blobs = home.data_folder().join("blobs");
        (
            blobs.join("originals").join(&tag[..2]).join(&tag),
            blobs.join("thumbnails").join(&tag[..2]).join(format!("{tag}.jpg")),
        )
    };
    let [changed, lost, bare, blurred] = [&images[0], &images[1], &images[2], &images[3]];
    flip_last_byte(paths(changed.id).await.0);
    fs::remove_file(paths(lost.id).await.0).expect("one's own folder");
    fs::remove_file(paths(bare.id).await.1).expect("one's own folder");
    fs::write(paths(blurred.id).await.1, "no picture").expect("one's own folder");
    flip_last_byte(home.data_folder().join(format!("blobs/models/{broken}.safetensors")));
    flip_last_byte(home.data_folder().join(format!("blobs/models/{tuned}.backbone.safetensors")));
    let mut expected = vec![
        format!("“{}” of {} (project “", changed.file_name, ann.user.username),
        "the file is not the one that was uploaded".into(),
        "the file is missing".into(),
        "the thumbnail is missing or damaged".into(),
        "Model “Version 2”".into(),
        "the file of its network is not the one that was written".into(),
    ];
    if database == Database::Postgres {
        let embedding = "UPDATE embeddings SET vector = '\\x00000000' WHERE content_hash = (SELECT content_hash FROM images WHERE id = $1)";
        assert_eq!(database::execute(&home, embedding, &[&images[4].id.to_string()]).await, 1);
        expected.push("The embedding of picture".into());
    }

    let found = check(&home, &[]).await;
    assert_eq!(found.code, Some(1), "{found:?}");
    for sentence in &expected {
        assert!(found.stdout.contains(sentence), "{sentence} is not in\n{}", found.stdout);
    }
    assert!(!ann.api.image(lost.id).await.expect("one's own").damaged, "looking changes nothing");
    let again = check(&home, &["--repair"]).await;
    assert_eq!(again.code, Some(1), "{again:?}");
    let clean = check(&home, &[]).await;
    assert_eq!(clean.code, Some(0), "{clean:?}");
    assert!(clean.stdout.contains("known to be damaged, from an earlier check: 2"), "{clean:?}");

    for image in [changed, lost] {
        let now = ann.api.image(image.id).await.expect("its row is kept");
        assert!(now.damaged && now.label_id == image.label_id, "{now:?}");
        assert_eq!(ann.api.image_file(image.id).await.status(), StatusCode::NOT_FOUND);
    }
    for image in [bare, blurred] {
        assert!(ann.api.thumbnail(image.id).await.status().is_success());
        assert!(!ann.api.image(image.id).await.expect("one's own").damaged);
    }
    eventually("the embedding is made again", async || {
        ann.api.image(images[4].id).await.expect("one's own").embedded.then_some(())
    })
    .await;
    let model = ann.api.model(broken).await.expect("its row is kept");
    assert_eq!(model.status, Status::Failed);
    assert_eq!(model.problem.expect("a reason").code, ErrorCode::ModelDamaged);
    let unseen = Motif::Circles.files_from(900, 1);
    refused(ann.api.predict(broken, &unseen).await, ErrorCode::ModelNotReady);
    assert_eq!(ann.api.predict_in_project(ann.project, &unseen).await.expect("another is ready").model_id, sound);
    assert!(home.data_folder().join("blobs/set-aside/models").join(format!("{broken}.safetensors")).exists());

    // The same file again mends it.
    let upload = ann.api.upload(ann.project, &files[..2], None).await.expect("in order");
    for (item, file) in upload.items.into_iter().zip(&files) {
        let image = item.image.expect("a good picture");
        assert_eq!((item.outcome, image.damaged), (Outcome::Duplicate, false));
        assert_eq!(ann.api.image_file(image.id).await.bytes().await.expect("a file"), file.bytes);
    }
    let clean = check(&home, &[]).await;
    assert_eq!((clean.code, clean.stdout.contains("known to be damaged")), (Some(0), false), "{clean:?}");
}

#[tokio::test]
async fn nothing_to_look_at_is_said_and_nothing_made() {
    let home = Home::new(Database::Sqlite).await;
    let checked = check(&home, &[]).await;
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert!(checked.stderr.contains("there is no database"), "{checked:?}");
    assert_eq!(fs::read_dir(home.data_folder()).expect("a folder").count(), 0);
}

pub fn flip_last_byte(path: PathBuf) {
    let mut bytes = fs::read(&path).expect("one's own folder");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(path, bytes).expect("one's own folder");
}
