//! Who somebody is: passwords, tokens, and the rules for both.

mod password;
mod rules;
mod secret;
mod token;

pub use password::PasswordError;
pub use rules::{check_password, check_username};
pub use token::TokenError;

use crate::config::Settings;
use dto::{Timestamp, UserId};
use password::Passwords;
use token::Tokens;
use uuid::Uuid;

/// Makes and checks passwords' hashes and tokens. Cheap to clone.
#[derive(Clone)]
pub struct Auth {
    passwords: Passwords,
    tokens: Tokens,
}

impl Auth {
    /// Takes the secret from the settings, or from the data folder, where it is made when missing.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let secret = secret::load(settings)?;
        Ok(Self { passwords: Passwords::new(), tokens: Tokens::new(&secret, settings.session_hours) })
    }

    /// The hash to keep of a new password.
    pub async fn hash(&self, password: String) -> Result<String, PasswordError> {
        self.passwords.hash(password).await
    }

    /// Whether the password belongs to the hash. Without a hash (no such user) it takes as long, and is `false`.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, PasswordError> {
        self.passwords.verify(password, hash).await
    }

    /// A new token of the user, its identifier and the time it ends.
    pub fn issue(&self, user: UserId) -> Result<(String, Uuid, Timestamp), TokenError> {
        self.tokens.issue(user)
    }

    /// The user and token identifier that a token names, if it is ours and still valid.
    pub fn read(&self, token: &str) -> Result<(UserId, Uuid), TokenError> {
        self.tokens.read(token)
    }
}
