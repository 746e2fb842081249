//! A store of its own for each test, and short ways to fill it.

use anyhow::{Context, Result};
use dto::{
    ImageId, LabelId, ModelId, Page, ProjectId, UserId,
    image::{Image, ImageQuery, Source},
    model::{AccuracyKind, Backbone, Mode, Model, Settings},
};
use sqlx::{AnyPool, AssertSqlSafe, Connection, PgConnection};
use std::path::PathBuf;
use store::{Added, ContentHash, Finished, LabelDoubt, ModelPrediction, NewImage, NewModel, Run, Store, StoreConfig};
use tempfile::TempDir;
use uuid::Uuid;

pub const WEIGHTS: &str = "f00d";
pub const PREPROCESSING: &str = "crop-1";

/// Makes one test for each database of each function `async fn name(fixture: Fixture) -> anyhow::Result<()>`.
macro_rules! on_both_databases {
    ($($name:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() -> anyhow::Result<()> {
                    super::$name(crate::fixture::Fixture::sqlite().await?).await
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() -> anyhow::Result<()> {
                    match crate::fixture::Fixture::postgres().await? {
                        Some(fixture) => super::$name(fixture).await,
                        None => Ok(eprintln!("skipped: PUPIL_TEST_POSTGRES is not set")),
                    }
                }
            )*
        }
    };
}
pub(crate) use on_both_databases;

/// A store with one user who has one project.
pub struct Fixture {
    pub store: Store,
    pub owner: UserId,
    pub project: ProjectId,
    config: StoreConfig,
    /// Removed at the end of the test.
    _folder: TempDir,
}

impl Fixture {
    pub async fn sqlite() -> Result<Self> {
        Self::open(None).await
    }

    /// `None` when there is no server to test with.
    pub async fn postgres() -> Result<Option<Self>> {
        let Ok(server) = std::env::var("PUPIL_TEST_POSTGRES") else { return Ok(None) };
        let name = format!("store_{}", Uuid::now_v7().simple());
        let mut connection = PgConnection::connect(&server).await?;
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
        connection.close().await?;
        let (base, _) = server.rsplit_once('/').context("the URL names a database")?;
        Self::open(Some(format!("{base}/{name}"))).await.map(Some)
    }

    async fn open(database_url: Option<String>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        // With characters that mean something in URLs.
        let data_dir = folder.path().join("da ta?#%é");
        let config = StoreConfig { data_dir, database_url, storage: None, max_connections: 8 };
        let store = Store::open(config.clone()).await?;
        store.set_default_embedding(WEIGHTS, PREPROCESSING);
        let owner = store.create_user("owner", "hash", "First").await?.id;
        let project = store.projects(owner, None, 1).await?.items[0].id;
        Ok(Self { store, owner, project, config, _folder: folder })
    }

    /// Another handle to the same data, as another process would have it.
    pub async fn reopen(&self) -> Result<Store> {
        Ok(Store::open(self.config.clone()).await?)
    }

    pub fn data_dir(&self) -> PathBuf {
        self.config.data_dir.clone()
    }

    /// A pool for statements that the store has no function for.
    pub async fn pool(&self) -> Result<AnyPool> {
        let url = match &self.config.database_url {
            Some(url) => url.clone(),
            None => {
                use sqlx::ConnectOptions;
                let path = self.config.data_dir.join("pupil.db");
                sqlx::sqlite::SqliteConnectOptions::new().filename(path).to_url_lossy().to_string()
            }
        };
        Ok(AnyPool::connect(&url).await?)
    }

    /// Another user with a project.
    pub async fn stranger(&self) -> Result<(UserId, ProjectId)> {
        let user = self.store.create_user("stranger", "hash", "Theirs").await?.id;
        Ok((user, self.store.projects(user, None, 1).await?.items[0].id))
    }

    /// Adds pictures with the contents of the given numbers.
    pub async fn add(&self, label: Option<&str>, contents: std::ops::Range<u32>) -> Result<Vec<Added>> {
        let files: Vec<_> = contents.map(file).collect();
        Ok(self.store.add_images(self.owner, self.project, label, Source::Upload, &files).await?)
    }

    pub async fn label_id(&self, name: &str) -> Result<LabelId> {
        let labels = self.store.labels(self.owner, self.project).await?;
        Ok(labels.into_iter().find(|label| label.name == name).context("no such label")?.id)
    }

    pub async fn images(&self, query: ImageQuery) -> Result<Page<Image>> {
        Ok(self.store.images(self.owner, self.project, &query).await?)
    }

    /// A queued run of what is labelled now.
    pub async fn model(&self) -> Result<Model> {
        Ok(self.store.create_model(self.owner, self.project, &new_model()).await?)
    }

    /// A run of five cats (contents 0 to 4) and five dogs (5 to 9) that takes the first cat for a dog.
    pub async fn trained(&self) -> Result<(Model, Vec<ImageId>)> {
        let mut ids = Vec::new();
        for (label, contents) in [("cat", 0..5), ("dog", 5..10)] {
            ids.extend(self.add(Some(label), contents).await?.into_iter().map(|added| added.image.id));
        }
        let model = self.model().await?;
        self.finish(model.id).await?;
        Ok((self.store.model(self.owner, model.id).await?, ids))
    }

    /// Runs a queued model: everything is predicted right, the surer the later, but the first image is taken for the
    /// last label, with a probability of 0.95.
    pub async fn finish(&self, id: ModelId) -> Result<()> {
        let run = self.store.start_model(id, 0).await?.context("nothing to run")?;
        anyhow::ensure!(self.store.finish_model(&run, &self.finished(&run)).await?);
        Ok(())
    }

    /// What [`Fixture::finish`] says that a run has come to.
    pub fn finished(&self, run: &Run) -> Finished {
        let predictions = run.samples.iter().enumerate().map(|(i, sample)| ModelPrediction {
            image_id: sample.image_id,
            label_id: run.labels[if i == 0 { run.labels.len() - 1 } else { sample.label_index }].id,
            probability: if i == 0 { 0.95 } else { 0.5 + i as f64 / run.samples.len() as f64 / 2.0 },
            given_probability: if i == 0 { 0.05 } else { 0.5 + i as f64 / run.samples.len() as f64 / 2.0 },
            out_of_fold: true,
            doubt: Some(LabelDoubt {
                suspicion: if i == 0 { 0.9 } else { 0.4 - i as f64 / run.samples.len() as f64 / 4.0 },
                suggested: run.labels[run.labels.len() - 1 - sample.label_index].id,
                likely: i == 0,
            }),
        });
        Finished {
            accuracy: Some(0.9),
            accuracy_interval: Some([0.6, 0.98]),
            accuracy_kind: Some(AccuracyKind::CrossValidation),
            training_accuracy: 1.0,
            train_seconds: 0.25,
            file_key: store::model_key(run.id),
            file_sha256: "00".repeat(32),
            file_bytes: 5_000,
            predictions: predictions.collect(),
        }
    }
}

/// A picture; the same number has the same bytes.
pub fn file(content: u32) -> NewImage {
    NewImage {
        file_name: format!("Photo {content}.JPG"),
        content_hash: hash(content),
        format: "jpeg".into(),
        width: 640,
        height: 480,
        bytes: 100_000 + u64::from(content),
    }
}

pub fn hash(content: u32) -> ContentHash {
    let mut sha256 = [7; 32];
    // Scattered as real hashes are.
    sha256[..4].copy_from_slice(&content.wrapping_mul(2_654_435_761).to_be_bytes());
    ContentHash::new(sha256)
}

pub fn new_model() -> NewModel {
    NewModel {
        mode: Mode::Instant,
        backbone: Backbone::Resnet18,
        weights_sha256: WEIGHTS.into(),
        preprocessing: PREPROCESSING.into(),
        settings: Settings::default(),
        draft: false,
    }
}

/// Asserts that a call fails with an error of the given pattern.
macro_rules! assert_error {
    ($call:expr, $pattern:pat $(if $guard:expr)?) => {
        match $call {
            Err($pattern) $(if $guard)? => {}
            other => panic!("not {}: {other:?}", stringify!($pattern)),
        }
    };
}
pub(crate) use assert_error;
