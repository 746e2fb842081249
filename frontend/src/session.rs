//! Whether somebody is logged in, and who.

use crate::api::{self, ApiError};
use dto::{UserId, auth::User};
use leptos::{prelude::*, task::spawn_local};

/// What the page knows of the log-in.
#[derive(Clone, Debug, PartialEq)]
pub enum Login {
    /// The server has not answered yet.
    Unknown,
    /// The server could not be asked.
    Failed(ApiError),
    LoggedIn(User),
    /// Somebody else may be next when it was `by_choice`; otherwise the same person, who wants to come back here.
    LoggedOut {
        by_choice: bool,
    },
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
        api::client::on_logged_out(move || session.ended());
        session.ask();
        provide_context(session);
        session
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Who is logged in.
    pub fn user(self) -> Option<User> {
        self.login.with(|login| match login {
            Login::LoggedIn(user) => Some(user.clone()),
            _ => None,
        })
    }

    /// The identifier of who is logged in.
    pub fn user_id(self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// Asks the server who is logged in.
    pub fn ask(self) {
        spawn_local(async move {
            match api::auth::me().await {
                Ok(user) => self.login.set(Login::LoggedIn(user)),
                Err(error) if error.is_logged_out() => self.ended(),
                Err(error) => self.login.set(Login::Failed(error)),
            }
        });
    }

    /// Takes note that the log-in has ended by itself.
    fn ended(self) {
        if !self.login.with_untracked(|login| matches!(login, Login::LoggedOut { .. })) {
            self.login.set(Login::LoggedOut { by_choice: false });
        }
    }

    /// Ends the log-in. When the server can't be told, the person stays logged in and learns why.
    pub fn log_out(self, on_error: impl FnOnce(ApiError) + 'static) {
        spawn_local(async move {
            match api::auth::log_out().await {
                Ok(()) => self.login.set(Login::LoggedOut { by_choice: true }),
                Err(error) if error.is_logged_out() => self.ended(),
                Err(error) => on_error(error),
            }
        });
    }
}
