//! JWTs: HMAC-SHA-256, with issuer, audience and expiry checked.

use dto::{Timestamp, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// Issuer and audience: a token of another service with the same secret is none of ours.
const PUPIL: &str = "pupil";

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid")]
    Invalid,
    #[error("a token can't be made: {0}")]
    Signing(jsonwebtoken::errors::Error),
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

#[derive(Clone)]
pub(super) struct Tokens {
    keys: Arc<(EncodingKey, DecodingKey)>,
    validation: Arc<Validation>,
    seconds: u64,
}

impl Tokens {
    pub fn new(secret: &[u8], hours: u32) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[PUPIL]);
        validation.set_audience(&[PUPIL]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // One clock signs and checks.
        validation.leeway = 0;
        Self {
            keys: Arc::new((EncodingKey::from_secret(secret), DecodingKey::from_secret(secret))),
            validation: Arc::new(validation),
            seconds: u64::from(hours) * 3600,
        }
    }

    pub fn issue(&self, user: UserId) -> Result<(String, Uuid, Timestamp), TokenError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        self.issue_at(user, now)
    }

    fn issue_at(&self, user: UserId, now: u64) -> Result<(String, Uuid, Timestamp), TokenError> {
        let claims = Claims {
            sub: user,
            jti: Uuid::now_v7(),
            iss: PUPIL.into(),
            aud: PUPIL.into(),
            iat: now,
            exp: now + self.seconds,
        };
        let token =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.keys.0).map_err(TokenError::Signing)?;
        Ok((token, claims.jti, Timestamp::from_millis(claims.exp as i64 * 1000)))
    }

    pub fn read(&self, token: &str) -> Result<(UserId, Uuid), TokenError> {
        match jsonwebtoken::decode::<Claims>(token, &self.keys.1, &self.validation) {
            Ok(data) => Ok((data.claims.sub, data.claims.jti)),
            Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => Err(TokenError::Expired),
            Err(_) => Err(TokenError::Invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserId {
        UserId(Uuid::now_v7())
    }

    #[test]
    fn a_token_names_its_user() {
        let tokens = Tokens::new(&[7; 32], 1);
        let user = user();
        let (token, id, _) = tokens.issue(user).expect("signing works");
        assert_eq!(tokens.read(&token).expect("just made"), (user, id));
    }

    #[test]
    fn other_secrets_and_altered_tokens_are_refused() {
        let (token, ..) = Tokens::new(&[7; 32], 1).issue(user()).expect("signing works");
        assert!(matches!(Tokens::new(&[8; 32], 1).read(&token), Err(TokenError::Invalid)));
        assert!(matches!(Tokens::new(&[7; 32], 1).read(&format!("{token}x")), Err(TokenError::Invalid)));
        assert!(matches!(Tokens::new(&[7; 32], 1).read(""), Err(TokenError::Invalid)));
    }

    #[test]
    fn an_old_token_has_expired() {
        let tokens = Tokens::new(&[7; 32], 1);
        let (token, ..) = tokens.issue_at(user(), 1_700_000_000).expect("signing works");
        assert!(matches!(tokens.read(&token), Err(TokenError::Expired)));
    }
}
