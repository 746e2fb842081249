//! Access tokens, and where one is logged in.

use super::{Answer, Client, ask, ask_nothing};
use dto::{
    Page, SessionId, TokenId,
    access::{AccessToken, CreatedAccessToken, LoginSession, NewAccessToken},
};
use reqwest::StatusCode;

impl Client {
    pub async fn tokens(&self) -> Answer<Page<AccessToken>> {
        ask(self.get("/tokens"), StatusCode::OK).await
    }

    pub async fn create_token(&self, new: &NewAccessToken) -> Answer<CreatedAccessToken> {
        ask(self.post("/tokens").json(new), StatusCode::CREATED).await
    }

    pub async fn revoke_token(&self, id: TokenId) -> Answer<()> {
        ask_nothing(self.delete(&format!("/tokens/{id}"))).await
    }

    pub async fn sessions(&self) -> Answer<Page<LoginSession>> {
        ask(self.get("/sessions"), StatusCode::OK).await
    }

    pub async fn end_session(&self, id: SessionId) -> Answer<()> {
        ask_nothing(self.delete(&format!("/sessions/{id}"))).await
    }
}
