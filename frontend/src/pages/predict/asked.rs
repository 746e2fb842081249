//! The pictures that were asked about, and what the model says of each.

use crate::{
    api,
    files::Picked,
    i18n,
    state::{
        batch::{self, Batchable},
        workspace::Workspace,
    },
};
use dto::{LabelId, ProjectId, predict::Prediction};
use leptos::{prelude::*, task::spawn_local};
use std::{collections::VecDeque, sync::Arc};
use web_sys::{File, Url};

/// What is known of a picture's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Waiting,
    Known(Box<Prediction>),
    /// Nothing could be said, and why.
    Failed(String),
}

/// One picture.
#[derive(Clone)]
pub struct Question {
    pub number: u32,
    pub file_name: String,
    pub url: Arc<ObjectUrl>,
    pub answer: ArcRwSignal<Answer>,
    /// What it really is, if somebody said so.
    pub truth: ArcRwSignal<Option<LabelId>>,
}

impl Question {
    /// Whether the answer is right; `None` while either side is unknown. Tracks both.
    pub fn is_right(&self) -> Option<bool> {
        let truth = self.truth.get()?;
        self.answer.with(|answer| match answer {
            Answer::Known(prediction) => Some(prediction.label_id == Some(truth)),
            Answer::Waiting | Answer::Failed(_) => None,
        })
    }
}

/// An address for a file's bytes, given back when nobody shows it any more.
pub struct ObjectUrl(pub String);

impl ObjectUrl {
    fn new(file: &File) -> Self {
        // A browser without object URLs shows no picture, but answers all the same.
        Self(Url::create_object_url_with_blob(file).unwrap_or_default())
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

#[derive(Clone, Copy)]
pub struct Questions {
    project: ProjectId,
    workspace: Workspace,
    pub list: RwSignal<Vec<Question>, LocalStorage>,
    pub chosen: RwSignal<Option<u32>>,
    queue: StoredValue<VecDeque<Numbered>, LocalStorage>,
    is_sending: StoredValue<bool>,
    next_number: StoredValue<u32>,
}

struct Numbered {
    number: u32,
    file: File,
}

impl Batchable for Numbered {
    fn bytes(&self) -> f64 {
        self.file.size()
    }
    fn goes_with(&self, _: &Self) -> bool {
        true
    }
}

impl Questions {
    pub fn new(workspace: Workspace) -> Self {
        Self {
            project: workspace.id,
            workspace,
            list: RwSignal::new_local(Vec::new()),
            chosen: RwSignal::new(None),
            queue: StoredValue::new_local(VecDeque::new()),
            is_sending: StoredValue::new(false),
            next_number: StoredValue::new(0),
        }
    }

    /// The picture that is shown large.
    pub fn shown(self) -> Option<Question> {
        let chosen = self.chosen.get();
        self.list.with(|list| list.iter().find(|question| Some(question.number) == chosen).cloned())
    }

    /// Asks about pictures, and shows the first of them. A folder named like a label says what is in it.
    pub fn ask(self, files: Vec<Picked>) {
        let first = self.next_number.get_value();
        let numbered: Vec<_> = files.into_iter().zip(first..).collect();
        self.next_number.set_value(first.wrapping_add(numbered.len() as u32));
        let new = numbered.iter().map(|(picked, number)| Question {
            number: *number,
            file_name: picked.file.name(),
            url: Arc::new(ObjectUrl::new(&picked.file)),
            answer: ArcRwSignal::new(Answer::Waiting),
            truth: ArcRwSignal::new(picked.label.as_deref().and_then(|name| self.label_named(name))),
        });
        let new: Vec<_> = new.collect();
        self.list.update(|list| list.extend(new));
        self.chosen.set(Some(first));
        let files = numbered.into_iter().map(|(picked, number)| Numbered { number, file: picked.file });
        self.queue.update_value(|queue| queue.extend(files));
        self.start_sending();
    }

    /// Forgets all pictures.
    pub fn clear(self) {
        self.queue.update_value(VecDeque::clear);
        self.list.set(Vec::new());
        self.chosen.set(None);
    }

    fn label_named(self, name: &str) -> Option<LabelId> {
        self.workspace.labels.with_untracked(|labels| {
            let labels = labels.as_ref()?;
            labels.iter().find(|label| label.name.to_lowercase() == name.to_lowercase()).map(|label| label.id)
        })
    }

    fn start_sending(self) {
        if self.is_sending.get_value() {
            return;
        }
        self.is_sending.set_value(true);
        spawn_local(async move {
            while let Some(batch) = self.queue.try_update_value(batch::take).filter(|batch| !batch.is_empty()) {
                self.send(batch).await;
            }
            self.is_sending.try_set_value(false);
        });
    }

    async fn send(self, batch: Vec<Numbered>) {
        let files: Vec<_> = batch.iter().map(|numbered| numbered.file.clone()).collect();
        let answer = api::predict::predict(self.project, &files).await;
        if self.list.is_disposed() {
            return;
        }
        match answer {
            Ok(predictions) => {
                for (numbered, prediction) in batch.iter().zip(predictions.items) {
                    self.set_answer(numbered.number, answer_of(prediction));
                }
            }
            Err(error) => {
                for numbered in &batch {
                    self.set_answer(numbered.number, Answer::Failed(error.to_string()));
                }
            }
        }
    }

    fn set_answer(self, number: u32, answer: Answer) {
        self.list.with_untracked(|list| {
            if let Some(question) = list.iter().find(|question| question.number == number) {
                question.answer.set(answer);
            }
        });
    }
}

fn answer_of(prediction: Prediction) -> Answer {
    match (&prediction.problem, &prediction.label) {
        (Some(problem), _) => Answer::Failed(problem.detail.clone()),
        (None, None) => Answer::Failed(i18n::no_answer().into()),
        (None, Some(_)) => Answer::Known(Box::new(prediction)),
    }
}
