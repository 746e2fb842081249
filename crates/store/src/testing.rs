//! Stores for the tests inside this crate.

use crate::{ContentHash, NewImage, Store, StoreConfig, config::Location};
use anyhow::{Context, Result};
use dto::{ProjectId, UserId};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

/// A place for a store: a data folder, and an empty database of its own.
pub(crate) struct Place {
    pub(crate) config: StoreConfig,
    _folder: TempDir,
}

impl Place {
    /// One with SQLite, and one with PostgreSQL where `PUPIL_TEST_POSTGRES` is the URL of a server.
    pub(crate) async fn each() -> Result<Vec<Self>> {
        let mut places = vec![Self::new(None)?];
        match std::env::var("PUPIL_TEST_POSTGRES") {
            Err(_) => eprintln!("skipped on PostgreSQL: PUPIL_TEST_POSTGRES is not set"),
            Ok(server) => {
                let name = format!("store_{}", Uuid::now_v7().simple());
                let mut connection = PgConnection::connect(&server).await?;
                sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await?;
                connection.close().await?;
                let (base, _) = server.rsplit_once('/').context("the URL names a database")?;
                places.push(Self::new(Some(format!("{base}/{name}")))?);
            }
        }
        Ok(places)
    }

    fn new(database_url: Option<String>) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data_dir = folder.path().to_owned();
        Ok(Self { config: StoreConfig { data_dir, database_url, storage: None, max_connections: 4 }, _folder: folder })
    }

    /// A handle, as another process would have it.
    pub(crate) async fn open(&self) -> Result<Store> {
        Ok(Store::open(self.config.clone()).await?)
    }

    pub(crate) fn location(&self) -> Result<Location> {
        Ok(self.config.location()?)
    }
}

/// A user with a project.
pub(crate) async fn somebody(store: &Store) -> Result<(UserId, ProjectId)> {
    let user = store.create_user("somebody", "hash", "First").await?.id;
    Ok((user, store.projects(user, None, 1).await?.items[0].id))
}

/// A picture; the same number has the same bytes.
pub(crate) fn picture(content: u8) -> NewImage {
    NewImage {
        file_name: format!("{content}.jpg"),
        content_hash: ContentHash::new([content; 32]),
        format: "jpeg".into(),
        width: 640,
        height: 480,
        bytes: 3,
    }
}
