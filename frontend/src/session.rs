//! Whether somebody is logged in, and who.

use crate::{
    api::{self, ApiError},
    state::{connection::Connection, gate::Gate},
};
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
    /// Closed from when a log-in has expired under somebody's hands until they have logged in again.
    valid: Gate,
}

impl Session {
    /// Makes the session known to everything below, and asks the server who is there.
    pub fn provide() -> Self {
        let session = Self { login: RwSignal::new(Login::Unknown), valid: Gate::new() };
        api::client::on_logged_out(move || session.ended());
        session.ask();
        let connection = Connection::get();
        Effect::new(move || {
            if connection.is_there() && session.login.with_untracked(|login| matches!(login, Login::Failed(_))) {
                session.ask();
            }
        });
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

    /// Takes note that the log-in has ended by itself. Whoever was in the middle of something stays there, and is asked
    /// to log in again.
    fn ended(self) {
        match self.login.get_untracked() {
            Login::LoggedIn(_) => self.valid.close(),
            Login::LoggedOut { .. } => {}
            Login::Unknown | Login::Failed(_) => self.login.set(Login::LoggedOut { by_choice: false }),
        }
    }

    /// Whether somebody has to log in again. Tracks it.
    pub fn has_expired(self) -> bool {
        !self.valid.is_open()
    }

    /// Takes note that somebody has logged in again.
    pub fn returned(self, user: User) {
        if self.login.with_untracked(|login| *login != Login::LoggedIn(user.clone())) {
            self.login.set(Login::LoggedIn(user));
        }
        self.valid.open();
    }

    /// Leaves a log-in that has expired.
    pub fn give_up(self) {
        self.login.set(Login::LoggedOut { by_choice: true });
        self.valid.open();
    }

    /// Waits until the log-in is valid, after asking the server whether it is.
    pub async fn pass(self) {
        // The answer is noticed by whoever listens for ended log-ins.
        let _ = api::auth::me().await;
        self.valid.pass().await;
    }

    /// Ends the log-in. When the server can't be told, the person stays logged in and learns why.
    pub fn log_out(self, on_error: impl FnOnce(ApiError) + 'static) {
        spawn_local(async move {
            match api::auth::log_out().await {
                Ok(()) => self.give_up(),
                Err(error) if error.is_logged_out() => self.give_up(),
                Err(error) => on_error(error),
            }
        });
    }
}
