//! That no table is forgotten, and that every value comes back as it was.

use super::{NOT_KEPT, Row, TABLES};
use crate::{
    Store,
    ids::ContentHash,
    testing::{Place, picture, somebody},
};
use anyhow::Result;
use dto::image::Source;
use futures::TryStreamExt;
use std::collections::{BTreeMap, BTreeSet};

async fn everything(store: &Store) -> Result<BTreeMap<&'static str, Vec<Row>>> {
    let mut snapshot = store.snapshot().await?;
    let mut all = BTreeMap::new();
    for table in TABLES {
        let mut rows: Vec<Row> = snapshot.rows(table).try_collect().await?;
        rows.sort_by_key(|row| serde_json::to_string(row).unwrap_or_default());
        all.insert(*table, rows);
    }
    Ok(all)
}

#[tokio::test]
async fn every_table_is_kept_or_said_not_to_be() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let sql = match store.database.is_sqlite() {
            true => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            false => "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'",
        };
        let there: Vec<String> = sqlx::query_scalar(sql).fetch_all(store.database.read()).await?;
        let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
        let covered: BTreeSet<&str> = TABLES.iter().chain(NOT_KEPT).copied().collect();
        assert_eq!(there, covered, "a new table belongs into TABLES, or into NOT_KEPT with a reason");
    }
    Ok(())
}

#[tokio::test]
async fn rows_come_back_from_either_database_in_either() -> Result<()> {
    let places = Place::each().await?;
    for from in &places {
        let store = from.open().await?;
        let (owner, project) = somebody(&store).await?;
        store.add_images(owner, project, Some("고양이 \"'\\"), Source::Upload, &[picture(1), picture(2)]).await?;
        let hash = ContentHash::new([1; 32]);
        let vector = vec![0.1, -0.0, f32::MIN_POSITIVE, f32::MAX];
        store.put_embeddings("w", "p", &[(hash, vector.clone())]).await?;
        store.mark_unreadable("w", "q", hash, "why").await?;
        let model = "INSERT INTO models (id, project_id, version, name, mode, backbone, weights_sha256, preprocessing,
                settings, status, image_count, accuracy, created_at)
            VALUES ($1, $2, 1, '', 'instant', 'resnet18', 'w', 'p', '{}', 'failed', 0, $3, 7)";
        crate::database::one_off(model)
            .bind(uuid::Uuid::now_v7().to_string())
            .bind(project.to_string())
            .bind(0.1 + 0.2)
            .execute(store.database.read())
            .await?;
        let before = everything(&store).await?;
        for to in Place::each().await? {
            let other = to.open().await?;
            let dropped = other.fill(1).await?;
            drop(dropped);
            let mut filling = other.fill(1).await?;
            for table in TABLES {
                filling.insert(table, &before[table]).await?;
            }
            filling.commit().await?;
            assert_eq!(everything(&other).await?, before);
            assert_eq!(other.embeddings(&[hash], "w", "p").await?[&hash], vector);
            assert!(other.fill(1).await.is_err(), "it is not empty any more");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_snapshot_sees_nothing_that_comes_after_it() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        let (owner, project) = somebody(&store).await?;
        let mut snapshot = store.snapshot().await?;
        store.add_images(owner, project, None, Source::Upload, &[picture(1)]).await?;
        assert_eq!(snapshot.rows("images").try_collect::<Vec<_>>().await?, Vec::<Row>::new());
        assert_eq!(snapshot.files().await?, []);
        assert!(snapshot.migration().await? >= 4);
        drop(snapshot);
        assert_eq!(store.snapshot().await?.files().await?.len(), 2);
    }
    Ok(())
}

#[tokio::test]
async fn rows_that_are_none_of_ours_are_refused() -> Result<()> {
    for place in Place::each().await? {
        let store = place.open().await?;
        assert!(store.fill(i64::MAX).await.is_err(), "a newer version's");
        let mut filling = store.fill(1).await?;
        let row = |json: &str| serde_json::from_str::<Row>(json);
        assert!(filling.insert("sqlite_master", &[row("{}")?]).await.is_err());
        assert!(filling.insert("users", &[row(r#"{"id) VALUES ('x'); --": 1}"#)?]).await.is_err());
        assert!(filling.insert("users", &[row(r#"{"id": [1]}"#)?]).await.is_err());
    }
    Ok(())
}
