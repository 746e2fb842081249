//! Folders that a power cut does not take away again.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Makes a folder and those above it, as far as they are missing. Once this returns they are on the disk to stay.
pub(crate) async fn make_folder(folder: &Path) -> io::Result<()> {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || make(&folder)).await.map_err(io::Error::other)?
}

fn make(folder: &Path) -> io::Result<()> {
    let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
    fs::create_dir_all(folder)?;
    for made in missing {
        sync(made)?;
        // Its name is kept in the one above it.
        sync(made.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    }
    Ok(())
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_is_made_with_those_above_it_unless_it_is_there() -> io::Result<()> {
        let place = tempfile::tempdir()?;
        let folder = place.path().join("a/b/c");
        for _ in 0..2 {
            make_folder(&folder).await?;
            assert!(folder.is_dir());
        }
        make_folder(Path::new("")).await?;
        fs::write(place.path().join("file"), "")?;
        assert!(make_folder(&place.path().join("file/d")).await.is_err());
        Ok(())
    }
}
