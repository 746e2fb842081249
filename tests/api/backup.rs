//! `pupil backup` and `pupil restore`: everything comes back, also on the other database.

use dto::{
    image::ImageQuery,
    model::{Mode, Status, TrainRequest},
};
use pupil_tests::{
    Database, Home, Person, Server,
    client::Client,
    deadline::eventually,
    files::form,
    pictures::Motif,
    program::{self, Finished},
};
use reqwest::Method;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

both_databases_own_server![
    everything_comes_back_on_either_database,
    a_damaged_backup_changes_nothing,
    unfinished_work_goes_on_where_it_is_restored,
    a_backup_under_load_is_whole,
];

pub async fn pupil(home: &Home, command: &str, file: &Path) -> Finished {
    let mut pupil = home.command();
    pupil.arg(command).arg(file);
    program::run(pupil).await
}

pub async fn backup(home: &Home) -> PathBuf {
    let file = home.data_folder().join("backup.tar");
    let saved = pupil(home, "backup", &file).await;
    assert_eq!(saved.code, Some(0), "{saved:?}");
    file
}

pub async fn restore(home: &Home, file: &Path) {
    let restored = pupil(home, "restore", file).await;
    assert_eq!(restored.code, Some(0), "{restored:?}");
}

async fn everything_comes_back_on_either_database(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let (ann, bob) = (Person::new(&server).await, Person::new(&server).await);
    for person in [&ann, &bob] {
        let images = person.upload_both(8).await.concat();
        person.train().await;
        person.api.delete_images(person.project, &[images[0].id]).await.expect("one's own");
    }
    let fine_tune = TrainRequest { mode: Mode::FineTune, max_epochs: Some(1), ..TrainRequest::default() };
    let tuned = ann.train_as(&fine_tune).await.expect("enough pictures").id;
    ann.upload(&Motif::Stripes.files_from(500, 3), None).await;
    ann.api.create_project("Leer “\\'").await.expect("a name");
    wait_embedded(&ann).await;
    let unseen = Motif::Circles.files_from(900, 2);
    let predictions = ann.api.predict(tuned, &unseen).await.expect("ready");
    let before = (everything(&ann.api).await, everything(&bob.api).await);
    let file = backup(&home).await;
    assert_eq!(pupil(&home, "backup", &file).await.code, Some(2), "an earlier backup is not overwritten");
    assert_eq!(
        fs::read_dir(home.data_folder())
            .expect("a folder")
            .flatten()
            .filter(|entry| entry.path().extension().is_some_and(|end| end == "part"))
            .count(),
        0
    );
    server.stop();

    for to in [Database::Sqlite, Database::Postgres] {
        if !to.is_available() {
            continue;
        }
        let other = Home::new(to).await;
        restore(&other, &file).await;
        let server = Server::start(&other);
        let (ann, bob) = (ann.api_at(&server), bob.api_at(&server));
        assert_same(&everything(&ann).await, &before.0);
        assert_same(&everything(&bob).await, &before.1);
        assert_eq!(ann.predict(tuned, &unseen).await.expect("ready"), predictions);
        let again = pupil(&other, "restore", &file).await;
        assert!(again.code != Some(0) && again.stderr.contains("not empty"), "{again:?}");
        assert_same(&everything(&ann).await, &before.0);
        let checked = crate::check::check(&other, &[]).await;
        assert_eq!(checked.code, Some(0), "{checked:?}");
    }
}

async fn a_damaged_backup_changes_nothing(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    let pictures = Motif::Circles.files(3);
    ann.upload(&pictures, Some("circles")).await;
    wait_embedded(&ann).await;
    let before = everything(&ann.api).await;
    let file = backup(&home).await;
    server.stop();
    let bytes = fs::read(&file).expect("just written");
    let other = Home::new(database).await;
    let (cut, flipped) = (other.data_folder().join("cut.tar"), other.data_folder().join("flipped.tar"));
    fs::write(&cut, &bytes[..bytes.len() / 2]).expect("one's own folder");
    let mut changed = bytes.clone();
    let picture = &pictures[1].bytes;
    let start = bytes.windows(picture.len()).position(|some| some == picture).expect("it is in the backup");
    let at = start + picture.len() / 2;
    changed[at] ^= 1;
    fs::write(&flipped, changed).expect("one's own folder");
    for file in [&cut, &flipped, &other.data_folder().join("none.tar")] {
        let restored = pupil(&other, "restore", file).await;
        assert!(restored.code.is_some_and(|code| code != 0), "{restored:?}");
        assert!(!restored.stderr.contains("panicked"), "{restored:?}");
    }
    restore(&other, &file).await;
    let server = Server::start(&other);
    assert_same(&everything(&ann.api_at(&server)).await, &before);
}

async fn unfinished_work_goes_on_where_it_is_restored(database: Database) {
    let home = Home::new(database).await.with("PUPIL_WORKERS", "0");
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(5).await;
    let run = ann.api.train(ann.project, &TrainRequest::default()).await.expect("there is enough").id;
    let file = backup(&home).await;
    server.stop();

    let other = Home::new(database).await;
    restore(&other, &file).await;
    let server = Server::start(&other);
    let ann = ann.at(&server);
    ann.wait_ready(run).await;
    wait_embedded(&ann).await;
}

async fn a_backup_under_load_is_whole(database: Database) {
    let home = Home::new(database).await;
    let server = Server::start(&home);
    let ann = Person::new(&server).await;
    ann.upload_both(30).await;
    let kept = ann.train().await.id;
    let (api, project) = (ann.api.clone(), ann.project);
    let load = tokio::spawn(async move {
        for seed in (0_u64..).step_by(4) {
            let files = form(&Motif::Circles.files_from(10_000 + seed, 4)).text("label", "circles");
            let request = api.request(Method::POST, &format!("/projects/{project}/images")).multipart(files);
            let _ = request.send().await;
            let Ok(run) = api.train(project, &TrainRequest::default()).await else { continue };
            if api.wait_until_over(run.id).await.status == Status::Ready {
                api.delete_model(run.id).await.expect("it is there");
            }
        }
    });
    eventually("the load is on", async || {
        let project = ann.api.project(ann.project).await.expect("one's own");
        (project.image_count > 64).then_some(())
    })
    .await;
    let file = backup(&home).await;
    load.abort();
    let _ = load.await;
    server.stop();

    let other = Home::new(database).await;
    restore(&other, &file).await;
    let server = Server::start(&other);
    let ann = ann.at(&server);
    assert!(ann.api.project(ann.project).await.expect("one's own").image_count >= 64);
    ann.api.predict(kept, &Motif::Circles.files_from(900, 1)).await.expect("ready");
    let checked = crate::check::check(&other, &[]).await;
    assert_eq!(checked.code, Some(0), "{checked:?}");
}

pub async fn wait_embedded(person: &Person) {
    eventually("everything is embedded", async || {
        let query = ImageQuery { limit: Some(500), ..ImageQuery::default() };
        let images = person.api.images(person.project, &query).await.expect("one's own").items;
        images.iter().all(|image| image.embedded).then_some(())
    })
    .await;
}

/// Everything that a user can read, by its address.
pub async fn everything(api: &Client) -> BTreeMap<String, Vec<u8>> {
    let mut answers = BTreeMap::new();
    get(api, "/me", &mut answers).await;
    for project in ids(&get(api, "/projects", &mut answers).await) {
        for part in ["", "/labels", "/duplicates", "/map", "/suggestions"] {
            get(api, &format!("/projects/{project}{part}"), &mut answers).await;
        }
        for image in ids(&get(api, &format!("/projects/{project}/images?limit=500"), &mut answers).await) {
            for part in ["", "/file", "/thumbnail"] {
                get(api, &format!("/images/{image}{part}"), &mut answers).await;
            }
        }
        for model in ids(&get(api, &format!("/projects/{project}/models"), &mut answers).await) {
            for part in ["", "/results", "/evaluation", "/label-errors", "/card", "/events"] {
                get(api, &format!("/models/{model}{part}"), &mut answers).await;
            }
        }
    }
    answers
}

async fn get(api: &Client, path: &str, answers: &mut BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    let response = api.request(Method::GET, path).send().await.expect("the server answers");
    let status = response.status();
    let mut body = response.bytes().await.expect("whole").to_vec();
    if !status.is_success() {
        // Each request has an identifier of its own.
        let mut problem: Value = serde_json::from_slice(&body).expect("a problem");
        assert!(status.is_client_error(), "{path}: {problem}");
        problem["request_id"] = Value::Null;
        body = problem.to_string().into();
    }
    answers.insert(path.to_owned(), body.clone());
    body
}

fn ids(list: &[u8]) -> Vec<String> {
    let list: Value = serde_json::from_slice(list).expect("JSON");
    let items = list["items"].as_array().expect("a list");
    items.iter().map(|item| item["id"].as_str().expect("an identifier").to_owned()).collect()
}

pub fn assert_same(now: &BTreeMap<String, Vec<u8>>, before: &BTreeMap<String, Vec<u8>>) {
    assert!(before.keys().eq(now.keys()), "{:?}\n{:?}", before.keys(), now.keys());
    for (path, answer) in before {
        assert!(now[path] == *answer, "{path}:\n{}\n{}", text(answer), text(&now[path]));
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).chars().take(2000).collect()
}
