//! The user's cache folder: everything downloaded lives there, so that a second checkout finds it.

use anyhow::{Context, Result, anyhow};
use std::{
    env,
    fs::{self, File, TryLockError},
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The cache folder, locked for this process until it is dropped.
pub struct Cache {
    folder: PathBuf,
    _lock: File,
}

impl Cache {
    /// Opens `$XDG_CACHE_HOME/pupil`, else `~/.cache/pupil`, and waits while another process works in it.
    pub fn open() -> Result<Self> {
        Self::open_at(default_folder()?)
    }

    fn open_at(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder).with_context(|| format!("cannot make the cache folder {}", folder.display()))?;
        let path = folder.join("lock");
        // The system lets go of the lock when the process ends, however it ends.
        let lock = File::create(&path).with_context(|| format!("cannot open {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                println!("Another set-up is at work in {}: waiting for it to end.", folder.display());
                lock.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error).context(format!("cannot lock {}", path.display())),
        }
        Ok(Self { folder, _lock: lock })
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.join(name)
    }

    /// An empty folder for unfinished work. What an interrupted run has left there is removed.
    pub fn scratch(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("unfinished").join(name);
        remove(&folder)?;
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// Moves a finished file or folder to its place, in one step: whoever finds something there finds all of it.
    pub fn publish(&self, finished: &Path, name: impl AsRef<Path>) -> Result<()> {
        let place = self.folder.join(name);
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent)?;
        }
        if place.is_dir() {
            // Out of the way in one step too: a removal that is interrupted must not leave half of it in its place.
            fs::rename(&place, self.scratch("replaced")?.join("folder"))?;
        }
        fs::rename(finished, &place)
            .with_context(|| format!("cannot move a finished download to {}", place.display()))?;
        remove(&self.folder.join("unfinished/replaced"))
    }
}

/// Removes a file or a folder with all that is in it, if it is there.
pub fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn default_folder() -> Result<PathBuf> {
    // The XDG base directory specification says that relative paths are to be ignored.
    let xdg = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cache"));
    let caches = xdg.or_else(home).ok_or_else(|| anyhow!("set HOME or XDG_CACHE_HOME: downloads are kept there"))?;
    Ok(caches.join("pupil"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_is_emptied_and_publishing_replaces() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::open_at(folder.path().join("pupil"))?;
        fs::write(cache.scratch("job")?.join("left behind"), "")?;
        let scratch = cache.scratch("job")?;
        assert_eq!(fs::read_dir(&scratch)?.count(), 0);

        for content in ["old", "new"] {
            let scratch = cache.scratch("job")?;
            fs::write(scratch.join("file"), content)?;
            cache.publish(&scratch, "things/it")?;
            assert_eq!(fs::read_to_string(cache.path("things/it/file"))?, content);
        }
        Ok(())
    }

    #[test]
    fn a_second_opener_waits_for_the_first() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let cache = Cache::open_at(folder.path().to_owned())?;
        let other = File::open(folder.path().join("lock"))?;
        assert!(matches!(other.try_lock(), Err(TryLockError::WouldBlock)));
        drop(cache);
        // Waits: a program that another test is starting may hold a copy of the lock for a moment.
        other.lock()?;
        Ok(())
    }
}
