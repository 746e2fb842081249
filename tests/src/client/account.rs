//! One's own account.

use super::{Answer, Client, ask, ask_nothing};
use dto::{
    auth::{AccountDeletion, PasswordChange},
    usage::Usage,
};
use reqwest::StatusCode;

impl Client {
    pub async fn change_password(&self, current: &str, new: &str) -> Answer<()> {
        let body =
            PasswordChange { current_password: current.into(), new_password: new.into(), end_access_tokens: false };
        ask_nothing(self.post("/me/password").json(&body)).await
    }

    /// What one has, of what one may have.
    pub async fn usage(&self) -> Answer<Usage> {
        ask(self.get("/usage"), StatusCode::OK).await
    }

    pub async fn delete_account(&self, password: &str) -> Answer<()> {
        ask_nothing(self.post("/me/delete").json(&AccountDeletion { password: password.into() })).await
    }
}
