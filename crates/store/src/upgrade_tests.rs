//! The database of every earlier version, brought up to date: what was in it is there, and can be used.

use crate::{
    Store, checkpoint_key,
    config::Location,
    database::{latest_migration, migrations},
    ids::ContentHash,
    models::{Finished, ModelPrediction, NewModel},
    testing::{Place, picture},
    users::Credentials,
};
use anyhow::{Context, Result};
use dto::{
    ModelId,
    access::Scope,
    image::{ImageQuery, Source},
    model::{Backbone, Mode, Settings, Status},
};
use sqlx::{
    AnyConnection, AssertSqlSafe, ConnectOptions, Connection, PgConnection, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};
use uuid::Uuid;

const USER: &str = "01990000-0000-7000-8000-000000000001";
const PROJECT: &str = "01990000-0000-7000-8000-000000000002";
const CAT: &str = "01990000-0000-7000-8000-000000000003";
const DOG: &str = "01990000-0000-7000-8000-000000000004";
const READY: &str = "01990000-0000-7000-8000-000000000005";
const RUNNING: &str = "01990000-0000-7000-8000-000000000006";
const TOKEN: &str = "01990000-0000-7000-8000-000000000008";
/// Followed by a digit: two cats, two dogs, one without a label, one deleted.
const IMAGE: &str = "01990000-0000-7000-8000-00000000001";

/// What a version with this migration would have written besides what earlier ones have.
fn rows_of(migration: i64) -> Vec<String> {
    match migration {
        1 => first_rows(),
        2 => vec![
            format!("UPDATE models SET file_sha256 = 'abc', attempts = 2, kept_epochs = 1 WHERE id = '{READY}'"),
            format!("UPDATE results SET given_probability = 0.25, suspicion = 0.75, suggested_id = '{DOG}', likely_error = 1
                     WHERE model_id = '{READY}' AND image_id = '{IMAGE}1'"),
            format!("UPDATE projects SET learns_as_labelled = 1 WHERE id = '{PROJECT}'"),
            format!("UPDATE images SET confirmed_label_id = label_id WHERE id = '{IMAGE}1'"),
        ],
        3 => vec![
            "UPDATE sessions SET last_used_at = 5, agent = 'curl'".into(),
            format!(
                "INSERT INTO access_tokens (id, user_id, project_id, name, scopes, created_at) VALUES ('{TOKEN}', '{USER}',
                     '{PROJECT}', 'nightly', 'read write', 1)"
            ),
        ],
        4 => vec![
            format!("INSERT INTO doomed_blobs (content_hash, since) VALUES ('{}', 5)", ContentHash::new([99; 32])),
            format!("UPDATE images SET damaged_at = 5 WHERE id = '{IMAGE}2'"),
        ],
        5 => vec![format!("UPDATE models SET file_bytes = 1000 WHERE id = '{READY}'")],
        _ => Vec::new(),
    }
}

fn first_rows() -> Vec<String> {
    let mut rows = vec![
        format!("INSERT INTO users VALUES ('{USER}', 'Ann', 'ann', 'hash', 1)"),
        format!(
            "INSERT INTO sessions VALUES ('01990000-0000-7000-8000-000000000007', '{USER}', 1, 4000000000000, NULL)"
        ),
        format!("INSERT INTO projects VALUES ('{PROJECT}', '{USER}', 'Pets', NULL, 2, 1)"),
        format!("INSERT INTO labels VALUES ('{CAT}', '{PROJECT}', 'cat', '#112233', 0, 1)"),
        format!("INSERT INTO labels VALUES ('{DOG}', '{PROJECT}', 'dog', '#445566', 1, 1)"),
    ];
    for (number, label, deleted) in [
        (1_u8, Some(CAT), false),
        (2, Some(CAT), false),
        (3, Some(DOG), false),
        (4, Some(DOG), false),
        (5, None, false),
        (6, None, true),
    ] {
        let label = label.map_or("NULL".into(), |label| format!("'{label}'"));
        let (hash, deleted) = (ContentHash::new([number; 32]), if deleted { "2" } else { "NULL" });
        rows.push(format!(
            "INSERT INTO images VALUES ('{IMAGE}{number}', '{PROJECT}', {label}, '{number}.jpg', '{number}.jpg', '{hash}',
                 'jpeg', 640, 480, 3, 'upload', 1, {deleted})"
        ));
        rows.push(format!("INSERT INTO embeddings VALUES ('{hash}', 'w', 'p', NULL, 'unreadable', 1)"));
    }
    for (id, version, status, mode) in [(READY, 1, "ready", "instant"), (RUNNING, 2, "running", "fine_tune")] {
        let settings = r#"{"max_epochs":50,"target_accuracy":0.9,"patience":5,"seed":0,"mirror":false}"#;
        rows.push(format!(
            "INSERT INTO models VALUES ('{id}', '{PROJECT}', {version}, 'Version {version}', '{mode}', 'resnet18', 'w', 'p',
                 '{settings}', '{status}', NULL, 0, 0, 0, 4, 0.75, 0.5, 0.875, 'cross_validation', 1, 0.25,
                 'models/{id}.safetensors', NULL, 1, NULL)"
        ));
        for (label, name, position) in [(CAT, "cat", 0), (DOG, "dog", 1)] {
            rows.push(format!("INSERT INTO model_labels VALUES ('{id}', '{label}', '{name}', {position})"));
        }
        rows.push(format!("INSERT INTO epochs VALUES ('{id}', 0, 0.5, 0.75, NULL, NULL, 0.125, 0.125)"));
        for number in 1..=4_u8 {
            let (hash, label) = (ContentHash::new([number; 32]), if number < 3 { CAT } else { DOG });
            rows.push(format!(
                "INSERT INTO results VALUES ('{id}', '{IMAGE}{number}', '{hash}', '{label}', '{CAT}', 0.75, 1)"
            ));
        }
    }
    rows
}

/// Makes the database as versions with migrations up to `last` would have left it, each of which wrote its rows.
async fn make(location: &Location, last: i64) -> Result<()> {
    sqlx::any::install_default_drivers();
    for version in 1..=last {
        let url = migrate(location, version).await?;
        let mut connection = AnyConnection::connect(&url).await?;
        for statement in rows_of(version) {
            sqlx::query(AssertSqlSafe(statement.clone())).execute(&mut connection).await.context(statement)?;
        }
        connection.close().await?;
    }
    Ok(())
}

/// Brings the database up to a migration, and answers its URL.
async fn migrate(location: &Location, last: i64) -> Result<String> {
    let steps = migrations(location).iter().filter(|migration| migration.version <= last).cloned().collect();
    let steps = Migrator::with_migrations(steps);
    match location {
        Location::Sqlite(path) => {
            let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
            let mut connection = options.connect().await?;
            steps.run(&mut connection).await?;
            connection.close().await?;
            Ok(SqliteConnectOptions::new().filename(path).to_url_lossy().to_string())
        }
        Location::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await?;
            steps.run(&mut connection).await?;
            connection.close().await?;
            Ok(url.clone())
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_of_every_earlier_version_is_brought_up_to_date() -> Result<()> {
    for last in 1..=latest_migration() {
        for place in Place::each().await? {
            make(&place.location()?, last).await.with_context(|| format!("migration {last}"))?;
            let store = place.open().await.with_context(|| format!("from migration {last}"))?;
            whats_there(&store, last).await.with_context(|| format!("from migration {last}"))?;
            it_can_be_used(&store).await.with_context(|| format!("from migration {last}"))?;
            // And once more, as every start does.
            place.open().await?.ping().await?;
        }
    }
    Ok(())
}

async fn whats_there(store: &Store, last: i64) -> Result<()> {
    let Credentials { user, password_hash, disabled } = store.credentials("ANN").await?.context("the user is there")?;
    let found = (user.id.to_string(), user.username.as_str(), password_hash.as_str(), disabled);
    assert_eq!(found, (USER.to_owned(), "Ann", "hash", false));
    let sessions = store.sessions(user.id, Uuid::nil(), None, 10).await?.items;
    let found: Vec<_> =
        sessions.iter().map(|session| (session.agent.as_str(), session.last_used_at.millis())).collect();
    assert_eq!(found, [if last >= 3 { ("curl", 5) } else { ("", 1) }]);
    let tokens = store.access_tokens(user.id).await?;
    assert_eq!(tokens.len(), usize::from(last >= 3));
    assert!(tokens.iter().all(|token| token.name == "nightly" && token.scopes == [Scope::Read, Scope::Write]));
    let project = store.project(user.id, PROJECT.parse()?).await?;
    assert_eq!((project.name.as_str(), project.image_count, project.labelled_count), ("Pets", 5, 4));
    assert_eq!(project.learns_as_labelled, last >= 2);
    let names = store.labels(user.id, project.id).await?.into_iter().map(|label| (label.name, label.image_count));
    assert_eq!(names.collect::<Vec<_>>(), [("cat".into(), 2), ("dog".into(), 2)]);
    let images = store.images(user.id, project.id, &ImageQuery::default()).await?.items;
    let damaged: Vec<_> = images.iter().filter(|image| image.damaged).map(|image| image.id.to_string()).collect();
    assert_eq!(damaged, if last >= 4 { vec![format!("{IMAGE}2")] } else { Vec::new() });
    let model = store.model(user.id, READY.parse()?).await?;
    assert_eq!(
        (model.status, model.accuracy, model.accuracy_interval),
        (Status::Ready, Some(0.75), Some([0.5, 0.875]))
    );
    assert_eq!((model.epochs.len(), model.labels.len(), model.image_count), (1, 2, 4));
    let ready = store.active_model(user.id, project.id).await?;
    assert_eq!((ready.id, ready.file_sha256.as_deref()), (model.id, (last >= 2).then_some("abc")));
    let results = store.results(user.id, model.id, &Default::default()).await?.items;
    assert_eq!(results.len(), 4);
    assert_eq!(results.iter().filter(|result| result.confirmed).count(), usize::from(last >= 2));
    assert_eq!(store.unfinished_models().await?, [(RUNNING.parse()?, Mode::FineTune)]);
    Ok(())
}

async fn it_can_be_used(store: &Store) -> Result<()> {
    let user = store.credentials("ann").await?.context("the user is there")?.user;
    let project = PROJECT.parse()?;
    let added = store.add_images(user.id, project, Some("cat"), Source::Upload, &[picture(6), picture(7)]).await?;
    assert!(added.iter().all(|added| !added.duplicate), "{added:?}");
    let run = store.start_model(RUNNING.parse()?, 1).await?.context("it goes on")?;
    assert_eq!((run.samples.len(), run.labels.len()), (4, 2));
    let new = NewModel {
        mode: Mode::Instant,
        backbone: Backbone::Resnet18,
        weights_sha256: "w".into(),
        preprocessing: "p".into(),
        settings: Settings::default(),
        draft: false,
    };
    let model = store.create_model(user.id, project, &new).await?;
    assert_eq!((model.version, model.image_count), (3, 6));
    finish(store, model.id).await?;
    store.blobs().put(&checkpoint_key(model.id), Default::default()).await?;
    store.sweep(crate::now()).await?;
    store.delete_project(user.id, project).await?;
    Ok(())
}

async fn finish(store: &Store, id: ModelId) -> Result<()> {
    let run = store.start_model(id, 0).await?.context("it is queued")?;
    let predictions = run.samples.iter().map(|sample| ModelPrediction {
        image_id: sample.image_id,
        label_id: run.labels[sample.label_index].id,
        probability: 0.9,
        given_probability: 0.9,
        out_of_fold: true,
        doubt: None,
    });
    let finished = Finished {
        accuracy: None,
        accuracy_interval: None,
        accuracy_kind: None,
        training_accuracy: 1.0,
        train_seconds: 0.25,
        file_key: crate::model_key(id),
        file_sha256: "00".repeat(32),
        file_bytes: 7,
        predictions: predictions.collect(),
    };
    anyhow::ensure!(store.finish_model(&run, &finished).await?);
    Ok(())
}
