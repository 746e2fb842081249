//! JWTs: HMAC-SHA-256, with issuer, audience and expiry checked, under one of several secrets.

use super::secret::Secrets;
use dto::{Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// Issuer and audience: a token of another service with the same secret is none of ours.
const PUPIL: &str = "pupil";
/// The end of a token that does not end, in seconds since 1970: the last second of the year 9999.
const NEVER: u64 = 253_402_300_799;

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid")]
    Invalid,
    #[error("a token can't be made: {0}")]
    Signing(jsonwebtoken::errors::Error),
}

/// A token that was just made.
pub struct Issued {
    pub token: String,
    /// Its identifier (`jti`), under which the store knows it.
    pub id: Uuid,
    /// `None` for one that does not end.
    pub expires_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: UserId,
    jti: Uuid,
    iss: String,
    aud: String,
    /// Seconds since 1970.
    iat: u64,
    /// Seconds since 1970.
    exp: u64,
}

/// One secret's keys, and the name by which a token says that it was signed with it.
struct Key {
    id: String,
    signs: EncodingKey,
    verifies: DecodingKey,
}

#[derive(Clone)]
pub(super) struct Tokens {
    /// The first one signs, all of them verify.
    keys: Arc<[Key]>,
    validation: Arc<Validation>,
}

impl Tokens {
    pub fn new(secrets: &Secrets) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[PUPIL]);
        validation.set_audience(&[PUPIL]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // One clock signs and checks.
        validation.leeway = 0;
        let key = |secret: &Vec<u8>| Key {
            id: key_id(secret),
            signs: EncodingKey::from_secret(secret),
            verifies: DecodingKey::from_secret(secret),
        };
        Self { keys: secrets.iter().map(key).collect(), validation: Arc::new(validation) }
    }

    /// A new token of the user that ends then, or never.
    pub fn issue(&self, user: UserId, expires_at: Option<Timestamp>) -> Result<Issued, TokenError> {
        let exp = expires_at.map_or(NEVER, |time| u64::try_from(time.millis() / 1000).unwrap_or(0).min(NEVER));
        let claims = Claims {
            sub: user,
            jti: Uuid::now_v7(),
            iss: PUPIL.into(),
            aud: PUPIL.into(),
            iat: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            exp,
        };
        let key = &self.keys[0];
        let header = Header { kid: Some(key.id.clone()), ..Header::new(Algorithm::HS256) };
        let token = jsonwebtoken::encode(&header, &claims, &key.signs).map_err(TokenError::Signing)?;
        let expires_at = expires_at.map(|_| Timestamp::from_millis(exp as i64 * 1000));
        Ok(Issued { token, id: claims.jti, expires_at })
    }

    /// The user and the identifier in a token that was signed with one of the secrets and has not ended.
    pub fn read(&self, token: &str) -> Result<(UserId, Uuid), TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        let mut found = TokenError::Invalid;
        // One without a name may be of any secret: the earliest tokens had none.
        for key in self.keys.iter().filter(|key| header.kid.as_ref().is_none_or(|id| *id == key.id)) {
            match jsonwebtoken::decode::<Claims>(token, &key.verifies, &self.validation) {
                Ok(data) => return Ok((data.claims.sub, data.claims.jti)),
                Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => found = TokenError::Expired,
                Err(_) => {}
            }
        }
        Err(found)
    }
}

/// A name for a secret that says nothing about it.
fn key_id(secret: &[u8]) -> String {
    let digest = Sha256::new().chain_update(b"pupil key id").chain_update(secret).finalize();
    hex::encode(&digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_TIME: Option<Timestamp> = Some(Timestamp::from_millis(4_000_000_000_000));

    fn user() -> UserId {
        UserId(Uuid::now_v7())
    }

    fn tokens(secrets: &[u8]) -> Tokens {
        Tokens::new(&Secrets::of(secrets.iter().map(|byte| vec![*byte; 32]).collect()).expect("long enough"))
    }

    #[test]
    fn a_token_names_its_user() {
        let (tokens, user) = (tokens(&[7]), user());
        for expires_at in [IN_TIME, None] {
            let issued = tokens.issue(user, expires_at).expect("signing works");
            assert_eq!(issued.expires_at, expires_at);
            assert_eq!(tokens.read(&issued.token).expect("just made"), (user, issued.id));
        }
    }

    #[test]
    fn other_secrets_and_altered_tokens_are_refused() {
        let token = tokens(&[7]).issue(user(), IN_TIME).expect("signing works").token;
        assert!(matches!(tokens(&[8]).read(&token), Err(TokenError::Invalid)));
        assert!(matches!(tokens(&[7]).read(&format!("{token}x")), Err(TokenError::Invalid)));
        assert!(matches!(tokens(&[7]).read(""), Err(TokenError::Invalid)));
    }

    #[test]
    fn an_old_token_has_expired() {
        let expired = Some(Timestamp::from_millis(1_700_000_000_000));
        let token = tokens(&[7]).issue(user(), expired).expect("signing works").token;
        assert!(matches!(tokens(&[7]).read(&token), Err(TokenError::Expired)));
        assert!(matches!(tokens(&[8, 7]).read(&token), Err(TokenError::Expired)));
    }

    #[test]
    fn the_first_secret_signs_and_all_verify() {
        let old = tokens(&[7]).issue(user(), IN_TIME).expect("signing works").token;
        let rotated = tokens(&[8, 7]);
        assert!(rotated.read(&old).is_ok());
        let new = rotated.issue(user(), IN_TIME).expect("signing works").token;
        assert!(tokens(&[8]).read(&new).is_ok());
        assert!(matches!(tokens(&[7]).read(&new), Err(TokenError::Invalid)));
        assert!(matches!(tokens(&[8]).read(&old), Err(TokenError::Invalid)));
    }
}
