//! Signing up, logging in and out.

use super::{Answer, Client, ask, ask_nothing};
use dto::{
    auth::{Credentials, NewUser, Session, User},
    health::Health,
};
use reqwest::StatusCode;

impl Client {
    pub async fn sign_up(&self, username: &str, password: &str) -> Answer<Session> {
        let body = NewUser { username: username.into(), password: password.into(), code: None };
        ask(self.post("/auth/signup").json(&body), StatusCode::CREATED).await
    }

    pub async fn log_in(&self, username: &str, password: &str) -> Answer<Session> {
        ask(self.post("/auth/login").json(&credentials(username, password)), StatusCode::OK).await
    }

    pub async fn log_out(&self) -> Answer<()> {
        ask_nothing(self.post("/auth/logout")).await
    }

    pub async fn me(&self) -> Answer<User> {
        ask(self.get("/me"), StatusCode::OK).await
    }

    /// How the server is, when it is ready.
    pub async fn health(&self) -> Answer<Health> {
        ask(self.get("/health"), StatusCode::OK).await
    }
}

/// The body of log-in; sign-up takes it too.
pub fn credentials(username: &str, password: &str) -> Credentials {
    Credentials { username: username.into(), password: password.into() }
}
