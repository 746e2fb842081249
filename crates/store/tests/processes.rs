//! Several processes with one SQLite file, as `pupil serve` and `pupil worker` are. Without the test harness: the program
//! starts itself again for each of them.

use anyhow::{Context, Result, ensure};
use dto::image::Source;
use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};
use store::{ContentHash, NewImage, Store, StoreConfig, StoreError};

/// The folder to write to, for the processes that do.
const DATA_DIR: &str = "PUPIL_TEST_DATA_DIR";
const PROCESSES: u32 = 3;
const ROUNDS: u32 = 40;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<()> {
    match env::var_os(DATA_DIR) {
        Some(folder) => write(folder.into()).await,
        None => {
            write_to_one_file().await?;
            println!("test write_to_one_file ... ok");
            Ok(())
        }
    }
}

/// Each process opens the folder (the first to come makes the database) and writes as fast as it can.
async fn write_to_one_file() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let program = env::current_exe()?;
    let start = |_| {
        let mut command = Command::new(&program);
        command.env(DATA_DIR, folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    };
    let children: Vec<_> = (0..PROCESSES).map(start).collect::<Result<_, _>>()?;
    for child in children {
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let store = Store::open(config(folder.path().into())).await?;
    let user = store.credentials("shared").await?.context("one of the processes made it")?.user;
    let project = store.projects(user.id, None, 1).await?.items.remove(0);
    ensure!(project.image_count == u64::from(PROCESSES * ROUNDS), "{} images", project.image_count);
    Ok(())
}

async fn write(folder: PathBuf) -> Result<()> {
    let store = Store::open(config(folder)).await?;
    match store.create_user("shared", "hash", "First").await {
        Ok(_) | Err(StoreError::UsernameTaken) => {}
        Err(error) => return Err(error.into()),
    }
    let user = store.credentials("shared").await?.context("made above, or by another")?.user;
    let project = store.projects(user.id, None, 1).await?.items[0].id;
    for round in 0..ROUNDS {
        let picture = picture(std::process::id(), round);
        store.add_images(user.id, project, Some("cat"), Source::Upload, &[picture]).await?;
    }
    Ok(())
}

/// A picture that no other process and no other round has.
fn picture(process: u32, round: u32) -> NewImage {
    let mut sha256 = [7; 32];
    sha256[..4].copy_from_slice(&process.to_be_bytes());
    sha256[4..8].copy_from_slice(&round.to_be_bytes());
    NewImage {
        file_name: format!("{process}-{round}.jpg"),
        content_hash: ContentHash::new(sha256),
        format: "jpeg".into(),
        width: 640,
        height: 480,
        bytes: 100_000,
    }
}

fn config(data_dir: PathBuf) -> StoreConfig {
    StoreConfig { data_dir, database_url: None, storage: None, max_connections: 4 }
}
