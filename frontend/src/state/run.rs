//! The training run that is under way, as its events arrive.

use super::workspace::Workspace;
use crate::api::{
    self,
    events::{Heard, Listening},
};
use dto::{
    ErrorCode, ModelId,
    model::{Epoch, Model, ModelEvent},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How long to wait before asking again after the connection broke for good.
const RETRY_DELAY: Duration = Duration::from_secs(2);

#[derive(Clone, Copy)]
pub struct Run {
    /// The run that was followed last: live while it lasts, its outcome afterwards.
    pub model: RwSignal<Option<Model>>,
    /// Whether the server is being asked for a run.
    pub starting: RwSignal<bool>,
    /// Whether events can't reach the page right now.
    pub interrupted: RwSignal<bool>,
    listening: StoredValue<Option<Listening>, LocalStorage>,
}

impl Run {
    pub fn new() -> Self {
        Self {
            model: RwSignal::new(None),
            starting: RwSignal::new(false),
            interrupted: RwSignal::new(false),
            listening: StoredValue::new_local(None),
        }
    }

    /// Whether a run is under way.
    pub fn is_active(self) -> bool {
        self.model.with(|model| model.as_ref().is_some_and(|model| !model.status.is_over()))
    }

    /// Whether a run is under way or about to be.
    pub fn is_busy(self) -> bool {
        self.starting.get() || self.is_active()
    }

    /// Forgets the run that was followed last, if it is this one: it has been deleted.
    pub fn forget(self, id: ModelId) {
        if self.model.with_untracked(|model| model.as_ref().is_some_and(|model| model.id == id)) {
            self.model.set(None);
            self.listening.set_value(None);
        }
    }

    /// The run's model, if it is the one with this identifier.
    pub fn model_with_id(self, id: ModelId) -> Option<Model> {
        self.model.get().filter(|model| model.id == id)
    }

    /// Follows whatever run the project's list of models shows as unfinished: one found again after a reload, or
    /// started elsewhere.
    pub fn follow_newest(self, workspace: Workspace) {
        Effect::new(move || {
            let unfinished =
                workspace.models.with(|models| models.as_ref()?.iter().find(|model| !model.status.is_over()).cloned());
            if let Some(model) = unfinished
                && self.model.with_untracked(|current| current.as_ref().map(|current| current.id) != Some(model.id))
            {
                self.follow(model, workspace);
            }
        });
    }

    /// Follows a run to its end.
    pub fn follow(self, model: Model, workspace: Workspace) {
        let id = model.id;
        self.model.set(Some(model));
        self.listen(id, workspace);
    }

    fn listen(self, id: ModelId, workspace: Workspace) {
        let listening = api::events::listen(id, move |heard| {
            // Events may still be on their way when the project is closed.
            if self.model.is_disposed() {
                return;
            }
            match heard {
                Heard::Event(event) => self.apply(event, workspace),
                Heard::Interrupted => self.interrupted.set(true),
                Heard::Lost => self.ask_later(id, workspace),
            }
        });
        self.interrupted.set(listening.is_none());
        self.listening.set_value(listening);
    }

    fn apply(self, event: ModelEvent, workspace: Workspace) {
        self.interrupted.set(false);
        match event {
            ModelEvent::State(state) => self.change(|model| {
                model.status = state.status;
                model.phase = state.phase;
            }),
            ModelEvent::Progress(progress) => self.change(|model| model.progress = progress),
            ModelEvent::Epoch(epoch) => self.change(|model| add_epoch(&mut model.epochs, epoch)),
            ModelEvent::Ready(model) | ModelEvent::Failed(model) | ModelEvent::Cancelled(model) => {
                self.finish(*model, workspace);
            }
        }
    }

    fn change(self, change: impl FnOnce(&mut Model)) {
        self.model.update(|model| {
            if let Some(model) = model {
                change(model);
            }
        });
    }

    fn finish(self, model: Model, workspace: Workspace) {
        self.model.set(Some(model));
        // Dropping the listener inside its own callback would free the code that is running.
        set_timeout(
            move || {
                let _ = self.listening.try_update_value(Option::take);
            },
            Duration::ZERO,
        );
        workspace.mended.update(std::collections::HashSet::clear);
        workspace.refresh_models();
    }

    /// Asks for the run until the server answers, then listens again if it is still going.
    fn ask_later(self, id: ModelId, workspace: Workspace) {
        self.interrupted.set(true);
        set_timeout(
            move || {
                spawn_local(async move {
                    let answer = api::train::get(id).await;
                    if self.model.is_disposed() {
                        return;
                    }
                    match answer {
                        Ok(model) if model.status.is_over() => self.finish(model, workspace),
                        Ok(model) => self.follow(model, workspace),
                        Err(error) if error.is_logged_out() => {}
                        Err(error) if error.code() == Some(ErrorCode::NotFound) => {
                            self.forget(id);
                            workspace.refresh_models();
                        }
                        Err(_) => self.ask_later(id, workspace),
                    }
                });
            },
            RETRY_DELAY,
        );
    }
}

/// Adds an epoch, unless it was heard before.
fn add_epoch(epochs: &mut Vec<Epoch>, epoch: Epoch) {
    match epochs.binary_search_by_key(&epoch.epoch, |other| other.epoch) {
        Ok(place) => epochs[place] = epoch,
        Err(place) => epochs.insert(place, epoch),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(epoch: u32, loss: f64) -> Epoch {
        Epoch {
            epoch,
            loss,
            accuracy: 0.5,
            validation_loss: None,
            validation_accuracy: None,
            seconds: 0.1,
            elapsed_seconds: 0.1,
        }
    }

    #[test]
    fn epochs_heard_twice_are_kept_once_and_in_order() {
        let mut epochs = Vec::new();
        for heard in [epoch(0, 1.0), epoch(2, 0.5), epoch(0, 1.0), epoch(1, 0.7)] {
            add_epoch(&mut epochs, heard);
        }
        assert_eq!(epochs, [epoch(0, 1.0), epoch(1, 0.7), epoch(2, 0.5)]);
    }
}
