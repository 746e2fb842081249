//! The upload queue: what is waiting, what is on its way, what came of it.

use super::{
    backoff,
    batch::{self, Batchable},
    connection::Connection,
    workspace::Workspace,
};
use crate::{
    api::{self, ApiError, ApiResult},
    dom,
    files::Picked,
    i18n,
    session::Session,
};
use dto::{
    ProjectId,
    image::{Outcome, Source, Upload},
};
use futures::future::{AbortHandle, Abortable};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{HashMap, VecDeque};

/// Requests at a time: the second one travels while the server decodes the first.
const PARALLEL: usize = 2;
/// How often a request is tried while the server answers others: something between is in its way.
const TRIES: u32 = 5;

/// How an upload stands. Bytes are those of the files, without what HTTP adds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub files: usize,
    pub answered: usize,
    pub stored: u64,
    pub duplicates: u64,
    pub bytes: f64,
    pub bytes_sent: f64,
    /// Where the speed is measured from: milliseconds since 1970, and the bytes sent by then.
    pub pace_from: (f64, f64),
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
    connection: Connection,
    session: Session,
    pub tally: RwSignal<Tally>,
    pub refused: RwSignal<Vec<Refused>>,
    /// Files that could not be sent, to be sent again, and why.
    pub unsent: RwSignal<Vec<Picked>, LocalStorage>,
    pub error: RwSignal<Option<ApiError>>,
    queue: StoredValue<VecDeque<Picked>, LocalStorage>,
    on_their_way: StoredValue<HashMap<u32, OnItsWay>, LocalStorage>,
    senders: StoredValue<Vec<AbortHandle>, LocalStorage>,
    active: RwSignal<usize>,
    next_number: StoredValue<u32>,
}

/// A request.
struct OnItsWay {
    files: usize,
    bytes: f64,
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
            connection: Connection::get(),
            session: Session::get(),
            tally: RwSignal::default(),
            refused: RwSignal::default(),
            unsent: RwSignal::new_local(Vec::new()),
            error: RwSignal::new(None),
            queue: StoredValue::new_local(VecDeque::new()),
            on_their_way: StoredValue::new_local(HashMap::new()),
            senders: StoredValue::new_local(Vec::new()),
            active: RwSignal::new(0),
            next_number: StoredValue::new(0),
        };
        on_cleanup(move || uploads.abort_senders());
        uploads
    }

    /// Whether there is anything to show.
    pub fn is_empty(self) -> bool {
        self.tally.with(|tally| tally.files == 0)
    }

    pub fn is_active(self) -> bool {
        self.active.get() > 0
    }

    /// Files that have not arrived yet.
    pub fn files_left(self) -> usize {
        let on_their_way: usize =
            self.on_their_way.with_value(|requests| requests.values().map(|request| request.files).sum());
        self.queue.with_value(VecDeque::len) + self.unsent.with_untracked(Vec::len) + on_their_way
    }

    /// Why nothing is sent at the moment, if so.
    pub fn pause(self) -> Option<&'static str> {
        match () {
            () if !self.is_active() => None,
            () if self.session.has_expired() => Some(i18n::waits_for_login()),
            () if !self.connection.is_there() => Some(i18n::waits_for_server()),
            () => None,
        }
    }

    /// Puts files into the queue and sees to it that they are sent.
    pub fn add(self, files: Vec<Picked>, workspace: Workspace) {
        let is_idle = self.active.get_untracked() == 0 && self.unsent.with_untracked(Vec::is_empty);
        // Shots of the camera come one by one and count together.
        if is_idle && files.iter().any(|picked| picked.source != Source::Webcam) {
            self.dismiss();
        }
        let (pictures, others): (Vec<_>, Vec<_>) = files.into_iter().partition(Picked::may_be_picture);
        self.tally.update(|tally| {
            if is_idle {
                tally.pace_from = (js_sys::Date::now(), tally.bytes_sent);
            }
            tally.files += pictures.len() + others.len();
            tally.answered += others.len();
            tally.bytes += pictures.iter().map(Picked::bytes).sum::<f64>();
        });
        if !others.is_empty() {
            let refuse =
                |other: &Picked| Refused { file_name: other.file.name(), reason: i18n::not_a_picture().into() };
            self.refused.update(|refused| refused.extend(others.iter().map(refuse)));
        }
        self.queue.update_value(|queue| queue.extend(pictures));
        self.start_senders(workspace);
    }

    /// Sends again what could not be sent.
    pub fn retry(self, workspace: Workspace) {
        let files = self.unsent.get_untracked();
        self.unsent.set(Vec::new());
        self.error.set(None);
        self.queue.update_value(|queue| queue.extend(files));
        self.start_senders(workspace);
    }

    /// Gives up what has not arrived yet.
    pub fn stop(self) {
        self.abort_senders();
        self.active.set(0);
        let waiting = self.queue.try_update_value(std::mem::take).unwrap_or_default();
        let on_their_way = self.on_their_way.try_update_value(std::mem::take).unwrap_or_default();
        self.tally.update(|tally| {
            tally.files -= waiting.len() + on_their_way.values().map(|request| request.files).sum::<usize>();
            tally.bytes -= waiting.iter().map(Picked::bytes).sum::<f64>();
            tally.bytes -= on_their_way.values().map(|request| request.bytes).sum::<f64>();
            tally.bytes_sent -= on_their_way.values().map(|request| request.bytes_sent).sum::<f64>();
        });
    }

    /// Gives up everything, also what could not be sent.
    pub fn give_up(self) {
        self.stop();
        self.dismiss();
    }

    /// Forgets what came of the last upload.
    pub fn dismiss(self) {
        self.tally.set(Tally::default());
        self.refused.update(Vec::clear);
        self.unsent.set(Vec::new());
        self.error.set(None);
    }

    fn abort_senders(self) {
        for sender in self.senders.try_update_value(std::mem::take).unwrap_or_default() {
            sender.abort();
        }
    }

    fn start_senders(self, workspace: Workspace) {
        let waiting = self.queue.with_value(VecDeque::len);
        let active = self.active.get_untracked();
        for _ in active..PARALLEL.min(active + waiting) {
            self.active.update(|active| *active += 1);
            let (handle, registration) = AbortHandle::new_pair();
            self.senders.update_value(|senders| {
                senders.retain(|sender| !sender.is_aborted());
                senders.push(handle.clone());
            });
            spawn_local(async move {
                let sending = Abortable::new(self.send_all(workspace), registration);
                if sending.await.is_ok() {
                    // Marks it as one to forget.
                    handle.abort();
                    self.active.update(|active| *active -= 1);
                }
            });
        }
    }

    async fn send_all(self, workspace: Workspace) {
        while let Some(files) = self.queue.try_update_value(batch::take).filter(|files| !files.is_empty()) {
            let number = self.register(&files);
            let answer = self.send_until_answered(number, &files).await;
            self.set_sent(number, if answer.is_ok() { f64::INFINITY } else { 0.0 });
            let _ = self.on_their_way.try_update_value(|requests| requests.remove(&number).is_some());
            match answer {
                Ok(upload) => self.took(upload, workspace),
                Err(error) => {
                    self.error.set(Some(error));
                    self.unsent.update(|unsent| unsent.extend(files));
                }
            }
        }
    }

    fn register(self, files: &[Picked]) -> u32 {
        let number = self.next_number.get_value();
        self.next_number.set_value(number.wrapping_add(1));
        let bytes = files.iter().map(Picked::bytes).sum();
        self.on_their_way.update_value(|requests| {
            requests.insert(number, OnItsWay { files: files.len(), bytes, bytes_sent: 0.0 });
        });
        number
    }

    /// Sends a request again and again, while waiting may help.
    async fn send_until_answered(self, number: u32, files: &[Picked]) -> ApiResult<Upload> {
        let mut tries = 0;
        loop {
            let answer = self.send(number, files).await;
            let Err(error) = answer else { return answer };
            self.set_sent(number, 0.0);
            if error.may_pass() {
                if self.connection.was_away().await {
                    tries = 0;
                    self.pace_from_here();
                } else {
                    tries += 1;
                    if tries >= TRIES {
                        return Err(error);
                    }
                    dom::sleep(backoff::after(tries)).await;
                }
            } else if !error.is_logged_out() {
                return Err(error);
            }
            // A server that refuses a body may close the connection before its reason is heard.
            self.session.pass().await;
        }
    }

    async fn send(self, number: u32, files: &[Picked]) -> ApiResult<Upload> {
        let on_progress = move |sent: f64, total: f64| {
            let bytes = self.on_their_way.try_with_value(|requests| Some(requests.get(&number)?.bytes)).flatten();
            if let (Some(bytes), true) = (bytes, total > 0.0) {
                self.set_sent(number, sent / total * bytes);
            }
        };
        let (label, source) = (files[0].label.as_deref(), files[0].source);
        let files: Vec<_> = files.iter().map(|picked| picked.file.clone()).collect();
        api::images::upload(self.project, &files, label, source, on_progress).await
    }

    fn set_sent(self, number: u32, bytes: f64) {
        let change = self.on_their_way.try_update_value(|requests| {
            let request = requests.get_mut(&number)?;
            let bytes = bytes.min(request.bytes);
            Some(bytes - std::mem::replace(&mut request.bytes_sent, bytes))
        });
        if let Some(change) = change.flatten().filter(|change| *change != 0.0) {
            let _ = self.tally.try_update(|tally| tally.bytes_sent += change);
        }
    }

    fn pace_from_here(self) {
        self.tally.update(|tally| tally.pace_from = (js_sys::Date::now(), tally.bytes_sent));
    }

    fn took(self, upload: Upload, workspace: Workspace) {
        self.tally.update(|tally| {
            tally.answered += upload.items.len();
            tally.stored += upload.stored;
            tally.duplicates += upload.duplicates;
        });
        let (refused, taken): (Vec<_>, Vec<_>) =
            upload.items.into_iter().partition(|item| item.outcome == Outcome::Rejected);
        if !refused.is_empty() {
            self.refused.update(|list| {
                list.extend(refused.into_iter().map(|item| Refused {
                    file_name: item.file_name,
                    reason: item.problem.map_or_else(|| i18n::not_taken().into(), |problem| problem.detail),
                }));
            });
        }
        let images: Vec<_> = taken.into_iter().filter_map(|item| item.image).collect();
        workspace.gallery.add(images);
        workspace.refresh_counts();
    }
}
