//! Hashing passwords with argon2id, off the async threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::{Arc, LazyLock};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// A hash that no password is known for, so that an unknown user costs the same time as a wrong password.
static DUMMY_HASH: LazyLock<String> = LazyLock::new(|| {
    let password = uuid::Uuid::now_v7().to_string();
    hash(password.as_bytes()).unwrap_or_default()
});

/// Hashing went wrong inside: out of memory, or a hash in the database that is not one.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("argon2: {0}")]
    Hash(argon2::password_hash::Error),
    #[error("a stored password hash can't be read: {0}")]
    Stored(String),
    #[error("the hashing thread ended early")]
    Thread,
}

/// Hashes and verifies, a few at a time: each takes 19 MiB and one core.
#[derive(Clone)]
pub(super) struct Passwords {
    permits: Arc<Semaphore>,
}

impl Passwords {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { permits: Arc::new(Semaphore::new(cores)) }
    }

    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.blocking(move || hash(password.as_bytes())).await
    }

    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, PasswordError> {
        self.blocking(move || {
            let known = stored.is_some();
            let stored = stored.unwrap_or_else(|| DUMMY_HASH.clone());
            let parsed = PasswordHash::new(&stored).map_err(|error| PasswordError::Stored(error.to_string()))?;
            let right = Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
            Ok(right && known)
        })
        .await
    }

    /// Does something that takes as long as hashing, with as many others at once as there may be.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| PasswordError::Thread)?;
        spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(|_| PasswordError::Thread)?
    }
}

/// Argon2id with the crate's defaults, which are OWASP's: 19 MiB, 2 passes, 1 lane.
fn hash(password: &[u8]) -> Result<String, PasswordError> {
    Ok(Argon2::default().hash_password(password).map_err(PasswordError::Hash)?.to_string())
}
