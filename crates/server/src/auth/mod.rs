//! Who somebody is: passwords, tokens, and the rules for both.

mod made_password;
mod password;
mod rules;
mod secret;
mod throttle;
mod token;

pub use made_password::make_password;
pub use password::PasswordError;
pub use rules::{check_password, check_username};
pub use secret::{restore as restore_secret, rotate as rotate_secret};
pub use throttle::{Throttled, Throttles};
pub use token::{Issued, TokenError};

use crate::config::Settings;
use dto::{Timestamp, UserId};
use password::Passwords;
use secret::Secrets;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use token::Tokens;
use uuid::Uuid;

/// The project that a new account begins with, so that its user lands in one.
pub const FIRST_PROJECT: &str = "My first project";

/// Makes and checks passwords' hashes and tokens, and keeps guessing slow. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    passwords: Passwords,
    tokens: Tokens,
    session: Duration,
    pub throttles: Throttles,
}

impl Auth {
    /// Takes the secrets from the settings, or from the data folder, where one is made when missing.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            passwords: Passwords::new(),
            tokens: Tokens::new(&Secrets::load(settings)?),
            session: Duration::from_secs(u64::from(settings.session_hours) * 3600),
            throttles: Throttles::new(settings),
        })
    }

    /// Why a password can't be this user's. Off the async threads: one that is made for it takes as long as hashing.
    pub async fn check_password(&self, password: &str, username: &str) -> Result<Result<(), String>, PasswordError> {
        let (password, username) = (password.to_owned(), username.to_owned());
        self.passwords.blocking(move || Ok(check_password(&password, &username))).await
    }

    /// The hash to keep of a new password.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.passwords.hash(password).await
    }

    /// The same without a server, for an operator.
    pub async fn hash_alone(password: String) -> Result<String, PasswordError> {
        Passwords::new().hash(password).await
    }

    /// Whether the password belongs to the hash. Without a hash (no such user) it takes as long, and is `false`.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, PasswordError> {
        self.passwords.verify(password, hash).await
    }

    /// A new token of the user for a log-in, and the time it ends.
    pub fn issue_session(&self, user: UserId) -> Result<(Issued, Timestamp), TokenError> {
        let end = SystemTime::now() + self.session;
        let seconds = end.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let expires_at = Timestamp::from_millis(seconds as i64 * 1000);
        Ok((self.tokens.issue(user, Some(expires_at))?, expires_at))
    }

    /// A new token of the user for a script.
    pub fn issue_access(&self, user: UserId, expires_at: Option<Timestamp>) -> Result<Issued, TokenError> {
        self.tokens.issue(user, expires_at)
    }

    /// The user and token identifier that a token names, if it is ours and still valid.
    pub fn read(&self, token: &str) -> Result<(UserId, Uuid), TokenError> {
        self.tokens.read(token)
    }
}
