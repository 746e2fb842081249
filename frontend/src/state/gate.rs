//! Something that tasks wait for.

use futures::channel::oneshot;
use leptos::prelude::*;

/// Open at first. While it is closed, whoever comes waits until it opens.
#[derive(Clone, Copy)]
pub struct Gate {
    open: RwSignal<bool>,
    waiting: StoredValue<Vec<oneshot::Sender<()>>>,
}

impl Gate {
    pub fn new() -> Self {
        Self { open: RwSignal::new(true), waiting: StoredValue::new(Vec::new()) }
    }

    /// Whether it is open. Tracks it.
    pub fn is_open(self) -> bool {
        self.open.get()
    }

    pub fn close(self) {
        if self.open.get_untracked() {
            self.open.set(false);
        }
    }

    pub fn open(self) {
        if !self.open.get_untracked() {
            self.open.set(true);
        }
        for waiting in self.waiting.try_update_value(std::mem::take).unwrap_or_default() {
            // Who waited may have given up.
            let _ = waiting.send(());
        }
    }

    /// Waits until it is open.
    pub async fn pass(self) {
        while self.open.try_get_untracked() == Some(false) {
            let (sender, opened) = oneshot::channel();
            self.waiting.update_value(|waiting| waiting.push(sender));
            let _ = opened.await;
        }
    }
}
