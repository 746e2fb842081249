//! Whether the server can be reached. It is asked for as long as it can't.

use super::{backoff, gate::Gate};
use crate::{
    api::{self, ApiError},
    dom,
};
use futures::{channel::oneshot, future};
use leptos::{ev, prelude::*, task::spawn_local};

/// The way to the server, shared by every page through the context.
#[derive(Clone, Copy)]
pub struct Connection {
    way: Gate,
    is_asking: StoredValue<bool>,
    /// Ends the wait before the next try.
    hurry: StoredValue<Option<oneshot::Sender<()>>>,
}

impl Connection {
    /// Makes it known to everything below, and looks after it from now on.
    pub fn provide() -> Self {
        let connection = Self { way: Gate::new(), is_asking: StoredValue::new(false), hurry: StoredValue::new(None) };
        api::client::on_unreachable(move || connection.doubt());
        dom::on_window(ev::offline, move |_| connection.doubt());
        dom::on_window(ev::online, move |_| connection.try_now());
        provide_context(connection);
        connection
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Whether the server answers, as far as is known. Tracks it.
    pub fn is_there(self) -> bool {
        self.way.is_open()
    }

    /// After a request without an answer: waits until the server answers, and tells whether it had been away.
    pub async fn was_away(self) -> bool {
        if reaches_server().await {
            return false;
        }
        self.doubt();
        self.way.close();
        self.way.pass().await;
        true
    }

    /// Does not wait for the next try.
    pub fn try_now(self) {
        if let Some(hurry) = self.hurry.try_update_value(Option::take).flatten() {
            let _ = hurry.send(());
        }
    }

    /// Asks the server whether it is there, until it is.
    fn doubt(self) {
        if self.is_asking.try_get_value() != Some(false) {
            return;
        }
        self.is_asking.set_value(true);
        spawn_local(async move {
            let mut failures = 0;
            while !reaches_server().await {
                self.way.close();
                failures += 1;
                let (sender, hurry) = oneshot::channel();
                self.hurry.set_value(Some(sender));
                future::select(Box::pin(dom::sleep(backoff::after(failures))), hurry).await;
            }
            self.is_asking.set_value(false);
            self.way.open();
        });
    }
}

/// Any answer is a sign of life.
async fn reaches_server() -> bool {
    api::health::get().await.err() != Some(ApiError::Unreachable)
}
