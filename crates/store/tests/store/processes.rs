//! Two processes with one SQLite file: `pupil serve` and `pupil worker`.

use crate::fixture::{Fixture, file};
use anyhow::{Context, Result, ensure};
use dto::image::Source;
use std::process::{Command, Stdio};
use store::{Store, StoreConfig};

const DATA_DIR: &str = "PUPIL_TEST_DATA_DIR";
const PROCESSES: u32 = 3;
const ROUNDS: u32 = 40;

/// Each process opens the folder (the first to come makes the database) and writes as fast as it can.
#[test]
fn write_to_one_file() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let children: Vec<_> = (0..PROCESSES)
        .map(|_| {
            Command::new(std::env::current_exe()?)
                .args(["--exact", "processes::one_of_them", "--ignored"])
                .env(DATA_DIR, folder.path())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
        })
        .collect::<Result<_, _>>()?;
    for child in children {
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let store = Store::open(config(folder.path().into())).await?;
        let (user, _) = store.credentials("shared").await?.context("one of the processes made it")?;
        let project = store.projects(user.id, None, 1).await?.items.remove(0);
        assert_eq!(project.image_count, u64::from(PROCESSES * ROUNDS));
        Ok(())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of write_to_one_file"]
async fn one_of_them() -> Result<()> {
    let Some(folder) = std::env::var_os(DATA_DIR) else { return Ok(()) };
    let store = Store::open(config(folder.into())).await?;
    match store.create_user("shared", "hash", "First").await {
        Ok(_) | Err(store::StoreError::UsernameTaken) => {}
        Err(error) => return Err(error.into()),
    }
    let (user, _) = store.credentials("shared").await?.context("made above, or by another")?;
    let project = store.projects(user.id, None, 1).await?.items[0].id;
    for round in 0..ROUNDS {
        let content = std::process::id().wrapping_mul(1_000).wrapping_add(round);
        store.add_images(user.id, project, Some("cat"), Source::Upload, &[file(content)], 10_000).await?;
    }
    Ok(())
}

fn config(data_dir: std::path::PathBuf) -> StoreConfig {
    StoreConfig { data_dir, database_url: None, storage: None, max_connections: 4 }
}

#[tokio::test]
async fn what_was_written_is_there_when_opened_again() -> Result<()> {
    let fixture = Fixture::sqlite().await?;
    let added = fixture.add(Some("cat"), 0..1).await?;
    let again = fixture.reopen().await?;
    assert_eq!(again.image(fixture.owner, added[0].image.id).await?, added[0].image);
    Ok(())
}
