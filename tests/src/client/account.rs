//! One's own account.

use super::{Answer, Client, ask_nothing};
use dto::auth::{AccountDeletion, PasswordChange};

impl Client {
    pub async fn change_password(&self, current: &str, new: &str) -> Answer<()> {
        let body =
            PasswordChange { current_password: current.into(), new_password: new.into(), end_access_tokens: false };
        ask_nothing(self.post("/me/password").json(&body)).await
    }

    pub async fn delete_account(&self, password: &str) -> Answer<()> {
        ask_nothing(self.post("/me/delete").json(&AccountDeletion { password: password.into() })).await
    }
}
