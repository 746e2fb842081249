//! Blobs, and what else lies in the data folder.

use crate::fixture::{Fixture, assert_error, hash};
use anyhow::Result;
use bytes::Bytes;
use dto::ModelId;
use store::{Queue, StoreError::NotFound, card_key, model_key, original_key, thumbnail_key};
use uuid::Uuid;

#[tokio::test]
async fn are_kept_whole_and_deleted_once() -> Result<()> {
    let fixture = Fixture::sqlite().await?;
    let blobs = fixture.store.blobs();
    let key = original_key(hash(1));
    assert_error!(blobs.get(&key).await, NotFound("blob"));
    assert!(!blobs.exists(&key).await?);
    let bytes = Bytes::from_iter((0..3_000_000_u32).map(|i| i as u8));
    blobs.put(&key, bytes.clone()).await?;
    assert_eq!(blobs.get(&key).await?, bytes);
    blobs.put(&key, Bytes::from_static(b"shorter")).await?;
    assert_eq!(blobs.get(&key).await?, "shorter");
    assert!(fixture.reopen().await?.blobs().exists(&key).await?);
    blobs.delete(&key).await?;
    blobs.delete(&key).await?;
    assert!(!blobs.exists(&key).await?);
    fixture.store.ping().await?;
    tokio::fs::remove_dir_all(fixture.data_dir().join("blobs")).await?;
    assert!(fixture.store.ping().await.is_err());
    Ok(())
}

#[tokio::test]
async fn leave_no_other_files_behind() -> Result<()> {
    let fixture = Fixture::sqlite().await?;
    let blobs = fixture.store.blobs();
    let puts: Vec<_> = (0..20)
        .map(|_| {
            let blobs = blobs.clone();
            tokio::spawn(async move { blobs.put("models/same.json", Bytes::from_static(b"{}")).await })
        })
        .collect();
    for put in puts {
        put.await??;
    }
    let folder = fixture.data_dir().join("blobs/models");
    let names: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<_, _>>()?;
    assert_eq!(names, ["same.json"]);
    Ok(())
}

#[test]
fn keys_are_spread_over_folders() {
    let hash = hash(1);
    let text = hash.to_string();
    assert_eq!(original_key(hash), format!("originals/{}/{text}", &text[..2]));
    assert_eq!(thumbnail_key(hash), format!("thumbnails/{}/{text}.jpg", &text[..2]));
    let id = ModelId(Uuid::nil());
    assert_eq!(model_key(id), format!("models/{id}.safetensors"));
    assert_eq!(card_key(id), format!("models/{id}.json"));
}

#[tokio::test]
async fn the_queue_has_a_database_of_its_own() -> Result<()> {
    let fixture = Fixture::sqlite().await?;
    let Queue::Sqlite(pool) = fixture.store.queue().await? else { panic!("not SQLite") };
    sqlx::query("CREATE TABLE _sqlx_migrations (version BIGINT)").execute(&pool).await?;
    assert!(fixture.data_dir().join("jobs.db").exists());
    if let Some(fixture) = Fixture::postgres().await? {
        let Queue::Postgres(pool) = fixture.store.queue().await? else { panic!("not PostgreSQL") };
        sqlx::query("SELECT 1").execute(&pool).await?;
    }
    Ok(())
}
