//! Whether somebody is logged in, and who.

use crate::api::{self, ApiError};
use dto::auth::User;
use leptos::{prelude::*, task::spawn_local};

/// What the page knows of the log-in.
#[derive(Clone, Debug, PartialEq)]
pub enum Login {
    /// The server has not answered yet.
    Unknown,
    /// The server could not be asked.
    Failed(ApiError),
    LoggedIn(User),
    LoggedOut,
}

/// The log-in, shared by every page through the context.
#[derive(Clone, Copy)]
pub struct Session {
    pub login: RwSignal<Login>,
}

impl Session {
    /// Makes the session known to everything below, and asks the server who is there.
    pub fn provide() -> Self {
        let session = Self { login: RwSignal::new(Login::Unknown) };
        api::client::on_logged_out(move || session.login.set(Login::LoggedOut));
        session.ask();
        provide_context(session);
        session
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Asks the server who is logged in.
    pub fn ask(self) {
        spawn_local(async move {
            match api::auth::me().await {
                Ok(user) => self.login.set(Login::LoggedIn(user)),
                Err(error) if error.is_logged_out() => self.login.set(Login::LoggedOut),
                Err(error) => self.login.set(Login::Failed(error)),
            }
        });
    }

    /// Ends the log-in. When the server can't be told, the person stays logged in and learns why.
    pub fn log_out(self, on_error: impl FnOnce(ApiError) + 'static) {
        spawn_local(async move {
            match api::auth::log_out().await {
                Ok(()) => self.login.set(Login::LoggedOut),
                Err(error) if error.is_logged_out() => self.login.set(Login::LoggedOut),
                Err(error) => on_error(error),
            }
        });
    }
}
