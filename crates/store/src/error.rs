//! What can go wrong with rows and blobs.

use dto::model::Status;
use std::error::Error;

/// An error of this crate. The first group is the caller's to answer for, the second the operator's.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no such thing, or it is another user's. Holds what was looked for: `"project"`, `"image"`…
    #[error("there is no such {0}")]
    NotFound(&'static str),
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("the project has a label of that name")]
    LabelExists,
    /// The cursor is not one that this list gave out.
    #[error("the cursor is not one of this list")]
    BadCursor,
    /// More of something than there may be.
    #[error("there can be at most {limit} {what}")]
    TooMany { what: &'static str, limit: u64 },
    /// The user has as many runs under way as allowed.
    #[error("there can be at most {0} runs at once")]
    TooManyRuns(u64),
    /// Fewer than two labels have two images.
    #[error("at least two labels need at least two images each: {labels_with_images} have them")]
    NotEnoughImages {
        /// Labels that have at least two images.
        labels_with_images: u64,
        /// Labelled images of the project.
        images: u64,
    },
    /// The project has no model that is ready.
    #[error("the project has no model that is ready")]
    NoModel,
    /// The model can't predict, because its run has not succeeded (yet).
    #[error("the model is {}, not ready", .0.as_str())]
    NotReady(Status),
    /// The run can't be cancelled, because it is over.
    #[error("the run is {} already", .0.as_str())]
    NotRunning(Status),

    /// The configuration can't be used.
    #[error("{0}")]
    Config(String),
    #[error("the disk is full")]
    StorageFull(#[source] Box<dyn Error + Send + Sync>),
    /// The database or the blob store can't answer now; later it may.
    #[error("the store is not available: {0}")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    #[error("database error: {0}")]
    Database(#[source] sqlx::Error),
    #[error("the database can't be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    #[error("blob error: {0}")]
    Blob(#[source] object_store::Error),
    #[error("input or output error: {0}")]
    Io(#[source] std::io::Error),
    /// The database holds something that this version can't read.
    #[error("the database holds an unreadable {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the same may well succeed later, when the disk has room or the database answers again.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::StorageFull(_))
    }
}

/// What the functions of this crate return.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Io(io) if is_full(io) => Self::StorageFull(error.into()),
            E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Io(_) | E::Tls(_) => {
                Self::Unavailable(error.into())
            }
            E::Database(inner) => match inner.code().as_deref().map(condition) {
                Some(Condition::Full) => Self::StorageFull(error.into()),
                Some(Condition::Busy) => Self::Unavailable(error.into()),
                _ => Self::Database(error),
            },
            _ => Self::Database(error),
        }
    }
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(current) = cause {
            if current.downcast_ref::<std::io::Error>().is_some_and(is_full) {
                return Self::StorageFull(error.into());
            }
            cause = current.source();
        }
        match &error {
            object_store::Error::NotFound { .. } => Self::NotFound("blob"),
            // Whatever is not about the request: no connection, no answer in time, or one that is the service's fault.
            object_store::Error::Generic { store: "S3", .. } => Self::Unavailable(error.into()),
            _ => Self::Blob(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        if is_full(&error) { Self::StorageFull(error.into()) } else { Self::Io(error) }
    }
}

/// Whether the failed statement broke a UNIQUE constraint.
pub(crate) fn is_unique_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

/// Whether the failed statement refers to a row that is not there (any more).
pub(crate) fn is_foreign_key_violation(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_foreign_key_violation())
}

fn is_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}

enum Condition {
    Full,
    Busy,
    Other,
}

/// Sorts a database's error code: five characters are a SQLSTATE (PostgreSQL), fewer a number (SQLite).
fn condition(code: &str) -> Condition {
    // SQLite's extended codes keep the primary one in the low byte.
    let extended = if code.len() == 5 { None } else { code.parse::<u32>().ok() };
    match extended.map(|code| (code, code & 0xff)) {
        // SQLITE_IOERR_SHMSIZE: the index of its log can't grow.
        Some((_, 13) | (4874, _)) => Condition::Full,
        // Busy and locked; input and output trouble, and a file that can't be opened, as when it runs out of them.
        Some((_, 5 | 6 | 10 | 14)) => Condition::Busy,
        Some(_) => Condition::Other,
        None if code == "53100" => Condition::Full,
        // Serialisation failure and deadlock; connection, resource and operator trouble.
        None if matches!(code, "40001" | "40P01") => Condition::Busy,
        None if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => Condition::Busy,
        None => Condition::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_trouble() {
        let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert!(matches!(StoreError::from(full()), StoreError::StorageFull(_)));
        let blob = object_store::Error::Generic { store: "test", source: full().into() };
        assert!(matches!(StoreError::from(blob), StoreError::StorageFull(_)));
        assert!(matches!(StoreError::from(sqlx::Error::Io(full())), StoreError::StorageFull(_)));
        assert!(matches!(StoreError::from(sqlx::Error::PoolTimedOut), StoreError::Unavailable(_)));
    }

    #[test]
    fn error_codes_of_both_databases_are_understood() {
        assert!(matches!(condition("13"), Condition::Full));
        assert!(matches!(condition("4874"), Condition::Full));
        assert!(matches!(condition("778"), Condition::Busy));
        assert!(matches!(condition("53100"), Condition::Full));
        // SQLITE_BUSY_SNAPSHOT, an extended code of five's family.
        assert!(matches!(condition("517"), Condition::Busy));
        assert!(matches!(condition("40P01"), Condition::Busy));
        assert!(matches!(condition("2067"), Condition::Other));
        assert!(matches!(condition("23505"), Condition::Other));
    }
}
