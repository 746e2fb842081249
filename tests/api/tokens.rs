//! Which tokens the API takes.

use dto::ErrorCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use pupil_tests::{Client, Person, Server, refused, server::SECRET};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};
use uuid::Uuid;

both_databases![
    without_a_token_nothing_is_shown,
    garbage_is_no_token,
    an_altered_token_is_refused,
    an_expired_token_is_refused_as_such,
    a_token_of_a_session_that_never_was_is_refused,
    a_token_for_another_program_is_refused,
    a_token_signed_by_another_secret_or_by_none_is_refused,
];

const HOUR: i64 = 3600;

async fn without_a_token_nothing_is_shown(server: &Server) {
    let nobody = server.client();
    refused(nobody.me().await, ErrorCode::Unauthenticated);
    refused(nobody.projects().await, ErrorCode::Unauthenticated);
    refused(nobody.create_project("mine").await, ErrorCode::Unauthenticated);
    refused(nobody.log_out().await, ErrorCode::Unauthenticated);
}

async fn garbage_is_no_token(server: &Server) {
    for token in ["garbage", "a.b.c", "..", "eyJhbGciOiJIUzI1NiJ9.e30."] {
        refused(server.client().with_token(token).me().await, ErrorCode::TokenInvalid);
    }
}

async fn an_altered_token_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let parts: Vec<&str> = ann.token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("a JWT has three parts: {}", ann.token) };
    let other = Person::new(server).await;
    let others_claims = other.token.split('.').nth(1).expect("a JWT has three parts").to_owned();
    let altered = [
        format!("{header}.{others_claims}.{signature}"),
        format!("{header}.{claims}.{}", signature.chars().rev().collect::<String>()),
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
    ];
    for token in altered {
        refused(server.client().with_token(&token).me().await, ErrorCode::TokenInvalid);
    }
    ann.api.me().await.expect("the token as it was");
}

async fn an_expired_token_is_refused_as_such(server: &Server) {
    let ann = Person::new(server).await;
    let mut claims = claims_of(&ann.token);
    claims["iat"] = json!(now() - 2 * HOUR);
    claims["exp"] = json!(now() - HOUR);
    refused(holder_of(server, &claims).me().await, ErrorCode::TokenExpired);
}

async fn a_token_of_a_session_that_never_was_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let mut claims = claims_of(&ann.token);
    claims["jti"] = json!(Uuid::now_v7());
    refused(holder_of(server, &claims).me().await, ErrorCode::TokenInvalid);
}

async fn a_token_for_another_program_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    for (claim, value) in [("iss", json!("someone")), ("aud", json!("something")), ("sub", json!("nobody"))] {
        let mut claims = claims_of(&ann.token);
        claims[claim] = value;
        refused(holder_of(server, &claims).me().await, ErrorCode::TokenInvalid);
    }
    for claim in ["iss", "aud", "sub", "jti", "exp"] {
        let mut claims = claims_of(&ann.token);
        claims.as_object_mut().expect("claims are an object").remove(claim);
        refused(holder_of(server, &claims).me().await, ErrorCode::TokenInvalid);
    }
}

async fn a_token_signed_by_another_secret_or_by_none_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let claims = claims_of(&ann.token);
    let forged = sign(&claims, Algorithm::HS256, "a secret that somebody else has made up");
    let other_algorithm = sign(&claims, Algorithm::HS512, SECRET);
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.", ann.token.split('.').nth(1).expect("claims"));
    for token in [forged, other_algorithm, unsigned] {
        refused(server.client().with_token(&token).me().await, ErrorCode::TokenInvalid);
    }
    holder_of(server, &claims).me().await.expect("the same claims under the server's own secret");
}

fn holder_of(server: &Server, claims: &Value) -> Client {
    server.client().with_token(&sign(claims, Algorithm::HS256, SECRET))
}

pub fn sign(claims: &Value, algorithm: Algorithm, secret: &str) -> String {
    encode(&Header::new(algorithm), claims, &EncodingKey::from_secret(secret.as_bytes())).expect("claims are JSON")
}

pub fn claims_of(token: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode::<Value>(token).expect("the server's own token").claims
}

pub fn now() -> i64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    i64::try_from(since_1970.as_secs()).expect("the clock is before the year 292 billion")
}
