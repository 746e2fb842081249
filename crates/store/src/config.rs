//! Where rows and blobs are kept.

use crate::error::{Result, StoreError};
use std::path::{Path, PathBuf};

/// Where the store keeps its things.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// The data folder; made if missing.
    pub data_dir: PathBuf,
    /// `sqlite:path` or `postgres://…`; `None` is SQLite in the data folder.
    pub database_url: Option<String>,
    /// `s3://bucket/prefix`, with credentials, region and endpoint from the usual `AWS_…` variables; `None` is files
    /// in the data folder.
    pub storage: Option<String>,
    /// Connections to the database at once.
    pub max_connections: u32,
}

/// Which database it is, and where.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// A file, by its absolute path.
    Sqlite(PathBuf),
    /// A URL.
    Postgres(String),
}

impl StoreConfig {
    /// The database's location.
    ///
    /// # Errors
    /// [`StoreError::Config`] for a URL of another database, or of one in memory.
    pub(crate) fn location(&self) -> Result<Location> {
        let path = match self.database_url.as_deref() {
            None => self.data_dir.join("pupil.db"),
            Some(url) if url.starts_with("postgres:") || url.starts_with("postgresql:") => {
                return Ok(Location::Postgres(url.to_owned()));
            }
            Some(url) => match url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
                // Every connection to a database in memory would see one of its own.
                Some(path) if path.is_empty() || path.contains(":memory:") || path.contains("mode=memory") => {
                    return Err(StoreError::Config("a SQLite database has to be a file".into()));
                }
                Some(path) => Path::new(path.split_once('?').map_or(path, |(path, _)| path)).to_owned(),
                None => {
                    return Err(StoreError::Config("the database URL has to begin with sqlite: or postgres://".into()));
                }
            },
        };
        Ok(Location::Sqlite(std::path::absolute(path)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn location(url: Option<&str>) -> Result<Location> {
        let data_dir = PathBuf::from("/data");
        StoreConfig { data_dir, database_url: url.map(str::to_owned), storage: None, max_connections: 1 }.location()
    }

    #[test]
    fn the_url_chooses_the_database() {
        assert!(matches!(location(None), Ok(Location::Sqlite(path)) if path == Path::new("/data/pupil.db")));
        for url in ["sqlite:/a/b.db", "sqlite:///a/b.db", "sqlite:///a/b.db?mode=rwc"] {
            assert!(matches!(location(Some(url)), Ok(Location::Sqlite(path)) if path == Path::new("/a/b.db")), "{url}");
        }
        assert!(matches!(location(Some("postgres://h/d")), Ok(Location::Postgres(_))));
        for url in ["mysql://h/d", "sqlite::memory:", "sqlite:", "pupil.db"] {
            assert!(matches!(location(Some(url)), Err(StoreError::Config(_))), "{url}");
        }
    }
}
