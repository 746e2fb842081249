//! The upload queue: what is waiting, what is on its way, what came of it.

use super::{
    batch::{self, Batchable},
    workspace::Workspace,
};
use crate::{
    api::{self, ApiError},
    dom,
    files::Picked,
    i18n,
};
use dto::{
    ProjectId,
    image::{Outcome, Upload},
};
use futures::future::{AbortHandle, Abortable};
use leptos::{ev, prelude::*, task::spawn_local};
use std::collections::{HashMap, VecDeque};

/// Requests at a time: the second one travels while the server decodes the first.
const PARALLEL: usize = 2;

/// How an upload stands. Bytes are those of the files, without what HTTP adds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub files: usize,
    pub answered: usize,
    pub stored: u64,
    pub duplicates: u64,
    pub bytes: f64,
    pub bytes_sent: f64,
    /// Milliseconds since 1970.
    pub started: f64,
}

/// A file that was not taken, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub file_name: String,
    pub reason: String,
}

#[derive(Clone, Copy)]
pub struct Uploads {
    project: ProjectId,
    pub tally: RwSignal<Tally>,
    pub refused: RwSignal<Vec<Refused>>,
    /// Files that never reached the server, to be sent again, and why.
    pub unsent: RwSignal<Vec<Picked>, LocalStorage>,
    pub error: RwSignal<Option<ApiError>>,
    queue: StoredValue<VecDeque<Picked>, LocalStorage>,
    on_their_way: StoredValue<HashMap<u32, OnItsWay>, LocalStorage>,
    pub active: RwSignal<usize>,
    next_number: StoredValue<u32>,
}

struct OnItsWay {
    abort: AbortHandle,
    bytes_sent: f64,
}

impl Batchable for Picked {
    fn bytes(&self) -> f64 {
        self.file.size()
    }
    fn goes_with(&self, other: &Self) -> bool {
        (&self.label, self.source) == (&other.label, other.source)
    }
}

impl Uploads {
    pub fn new(project: ProjectId) -> Self {
        let uploads = Self {
            project,
            tally: RwSignal::default(),
            refused: RwSignal::default(),
            unsent: RwSignal::new_local(Vec::new()),
            error: RwSignal::new(None),
            queue: StoredValue::new_local(VecDeque::new()),
            on_their_way: StoredValue::new_local(HashMap::new()),
            active: RwSignal::new(0),
            next_number: StoredValue::new(0),
        };
        on_cleanup(move || uploads.stop());
        // Closing the tab would lose what has not arrived: the browser asks first.
        dom::on_window(ev::beforeunload, move |event| {
            if uploads.active.get_untracked() > 0 {
                event.prevent_default();
            }
        });
        uploads
    }

    /// Whether there is anything to show.
    pub fn is_empty(self) -> bool {
        self.tally.with(|tally| tally.files == 0)
    }

    pub fn is_active(self) -> bool {
        self.active.get() > 0
    }

    /// Puts files into the queue and sees to it that they are sent.
    pub fn add(self, files: Vec<Picked>, workspace: Workspace) {
        if self.active.get_untracked() == 0 && self.unsent.with_untracked(Vec::is_empty) {
            self.dismiss();
        }
        let (pictures, others): (Vec<_>, Vec<_>) = files.into_iter().partition(Picked::may_be_picture);
        self.tally.update(|tally| {
            if tally.started == 0.0 {
                tally.started = js_sys::Date::now();
            }
            tally.files += pictures.len() + others.len();
            tally.answered += others.len();
            tally.bytes += pictures.iter().map(Picked::bytes).sum::<f64>();
        });
        self.refused.update(|refused| {
            refused.extend(
                others
                    .iter()
                    .map(|other| Refused { file_name: other.file.name(), reason: i18n::not_a_picture().into() }),
            );
        });
        self.queue.update_value(|queue| queue.extend(pictures));
        self.start_senders(workspace);
    }

    /// Sends again what did not reach the server.
    pub fn retry(self, workspace: Workspace) {
        let files = self.unsent.get_untracked();
        self.unsent.set(Vec::new());
        self.error.set(None);
        self.queue.update_value(|queue| queue.extend(files));
        self.start_senders(workspace);
    }

    /// Gives up what has not arrived yet.
    pub fn stop(self) {
        let waiting = self.queue.try_update_value(std::mem::take);
        let _ = self.on_their_way.try_update_value(|on_their_way| {
            on_their_way.values().for_each(|request| request.abort.abort());
        });
        let waiting = waiting.unwrap_or_default();
        let _ = self.tally.try_update(|tally| {
            tally.files -= waiting.len();
            tally.bytes -= waiting.iter().map(Picked::bytes).sum::<f64>();
        });
    }

    /// Forgets what came of the last upload.
    pub fn dismiss(self) {
        self.tally.set(Tally::default());
        self.refused.update(Vec::clear);
        self.unsent.set(Vec::new());
        self.error.set(None);
    }

    fn start_senders(self, workspace: Workspace) {
        let waiting = self.queue.with_value(VecDeque::len);
        for _ in self.active.get_untracked()..PARALLEL.min(self.active.get_untracked() + waiting) {
            self.active.update(|active| *active += 1);
            spawn_local(async move {
                while let Some(batch) = self.queue.try_update_value(batch::take).filter(|batch| !batch.is_empty()) {
                    self.send(batch, workspace).await;
                }
                let _ = self.active.try_update(|active| *active -= 1);
            });
        }
    }

    async fn send(self, batch: Vec<Picked>, workspace: Workspace) {
        let bytes: f64 = batch.iter().map(Picked::bytes).sum();
        let number = self.next_number.get_value();
        self.next_number.set_value(number.wrapping_add(1));
        let (abort, registration) = AbortHandle::new_pair();
        self.on_their_way.update_value(|requests| {
            requests.insert(number, OnItsWay { abort, bytes_sent: 0.0 });
        });
        let files: Vec<_> = batch.iter().map(|picked| picked.file.clone()).collect();
        let on_progress = move |sent: f64, total: f64| {
            let share = if total > 0.0 { sent / total } else { 0.0 };
            self.set_sent(number, share * bytes);
        };
        let sending =
            api::images::upload(self.project, &files, batch[0].label.as_deref(), batch[0].source, on_progress);
        let answer = Abortable::new(sending, registration).await.unwrap_or(Err(ApiError::Aborted));
        if self.tally.is_disposed() {
            return;
        }
        self.set_sent(number, if answer.is_ok() { bytes } else { 0.0 });
        self.on_their_way.update_value(|requests| {
            requests.remove(&number);
        });
        match answer {
            Ok(upload) => self.took(upload, workspace),
            Err(ApiError::Aborted) => self.tally.update(|tally| {
                tally.files -= batch.len();
                tally.bytes -= bytes;
            }),
            Err(error) => {
                self.error.set(Some(error));
                self.unsent.update(|unsent| unsent.extend(batch));
            }
        }
    }

    fn set_sent(self, number: u32, bytes: f64) {
        let before = self.on_their_way.try_update_value(|requests| {
            requests.get_mut(&number).map(|request| std::mem::replace(&mut request.bytes_sent, bytes))
        });
        if let Some(before) = before.flatten() {
            let _ = self.tally.try_update(|tally| tally.bytes_sent += bytes - before);
        }
    }

    fn took(self, upload: Upload, workspace: Workspace) {
        self.tally.update(|tally| {
            tally.answered += upload.items.len();
            tally.stored += upload.stored;
            tally.duplicates += upload.duplicates;
        });
        let (refused, taken): (Vec<_>, Vec<_>) =
            upload.items.into_iter().partition(|item| item.outcome == Outcome::Rejected);
        self.refused.update(|list| {
            list.extend(refused.into_iter().map(|item| Refused {
                file_name: item.file_name,
                reason: item.problem.map_or_else(|| i18n::not_taken().into(), |problem| problem.detail),
            }));
        });
        let images: Vec<_> = taken.into_iter().filter_map(|item| item.image).collect();
        workspace.gallery.show_labels(images.iter().map(|image| (image.id, image.label_id)));
        workspace.gallery.add(images);
        workspace.refresh_counts();
    }
}
