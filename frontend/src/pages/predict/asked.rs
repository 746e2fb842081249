//! The pictures that were asked about, and what the model says of each.

use super::keep::Kept;
use crate::{
    api,
    dom::ObjectUrl,
    files::Picked,
    i18n,
    state::{
        batch::{self, Batchable},
        workspace::Workspace,
    },
};
use dto::{LabelId, ModelId, predict::Prediction};
use futures::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};
use web_sys::File;

/// What is known of a picture's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Waiting,
    Known(Box<Prediction>),
    /// The server can't read the file, and why.
    Unreadable(String),
    /// The question did not get through, and why; it can be asked again.
    Unasked(String),
}

/// One picture.
#[derive(Clone)]
pub struct Question {
    pub number: u32,
    pub file: File,
    pub file_name: String,
    pub url: Arc<ObjectUrl>,
    pub answer: ArcRwSignal<Answer>,
    /// What it really is, if somebody said so.
    pub truth: ArcRwSignal<Option<LabelId>>,
    /// Whether it has become one of the project's pictures.
    pub kept: ArcRwSignal<Kept>,
}

impl Question {
    /// Whether the answer is right; `None` while either side is unknown. Tracks both.
    pub fn is_right(&self) -> Option<bool> {
        let truth = self.truth.get()?;
        self.answer.with(|answer| match answer {
            Answer::Known(prediction) => Some(prediction.label_id == Some(truth)),
            _ => None,
        })
    }
}

#[derive(Clone, Copy)]
pub struct Questions {
    pub workspace: Workspace,
    pub list: RwSignal<Vec<Question>, LocalStorage>,
    pub chosen: RwSignal<Option<u32>>,
    /// The version that is asked; the project's active one while there is none.
    pub model: RwSignal<Option<ModelId>>,
    queue: StoredValue<VecDeque<Numbered>, LocalStorage>,
    sending: StoredValue<Option<AbortHandle>, LocalStorage>,
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
            workspace,
            list: RwSignal::new_local(Vec::new()),
            chosen: RwSignal::new(None),
            model: RwSignal::new(None),
            queue: StoredValue::new_local(VecDeque::new()),
            sending: StoredValue::new_local(None),
            next_number: StoredValue::new(0),
        }
    }

    /// The picture that is shown large.
    pub fn shown(self) -> Option<Question> {
        let chosen = self.chosen.get();
        self.list.with(|list| list.iter().find(|question| Some(question.number) == chosen).cloned())
    }

    /// How many pictures wait for their answer, and how many could not be asked about. Tracks the answers.
    pub fn left(self) -> (usize, usize) {
        self.list.with(|list| {
            let count = |is: fn(&Answer) -> bool| list.iter().filter(|question| question.answer.with(is)).count();
            (count(|answer| *answer == Answer::Waiting), count(|answer| matches!(answer, Answer::Unasked(_))))
        })
    }

    /// Asks about pictures, and shows the first of them. A folder named like a label says what is in it.
    pub fn ask(self, files: Vec<Picked>) {
        let first = self.next_number.get_value();
        self.next_number.set_value(first.wrapping_add(files.len() as u32));
        let new = files.into_iter().zip(first..).map(|(picked, number)| Question {
            number,
            file_name: picked.file.name(),
            url: Arc::new(ObjectUrl::new(&picked.file)),
            answer: ArcRwSignal::new(Answer::Waiting),
            truth: ArcRwSignal::new(picked.label.as_deref().and_then(|name| self.label_named(name))),
            kept: ArcRwSignal::new(Kept::No),
            file: picked.file,
        });
        let new: Vec<_> = new.collect();
        self.send_later(&new);
        self.list.update(|list| list.extend(new));
        self.chosen.set(Some(first));
    }

    /// Asks again about pictures whose question did not get through.
    pub fn retry(self) {
        self.ask_again(|answer| matches!(answer, Answer::Unasked(_)));
    }

    /// Asks another version about all pictures.
    pub fn ask_version(self, model: Option<ModelId>) {
        self.stop();
        self.model.set(model);
        self.ask_again(|_| true);
    }

    /// Stops asking; what was answered stays.
    pub fn stop(self) {
        self.queue.update_value(VecDeque::clear);
        if let Some(sending) = self.sending.try_update_value(Option::take).flatten() {
            sending.abort();
        }
        self.list.with_untracked(|list| {
            for question in list {
                if question.answer.with_untracked(|answer| *answer == Answer::Waiting) {
                    question.answer.set(Answer::Unasked(i18n::stopped().into()));
                }
            }
        });
    }

    /// Forgets all pictures.
    pub fn clear(self) {
        self.stop();
        self.list.set(Vec::new());
        self.chosen.set(None);
    }

    fn label_named(self, name: &str) -> Option<LabelId> {
        self.workspace.labels.with_untracked(|labels| {
            let labels = labels.as_ref()?;
            labels.iter().find(|label| label.name.to_lowercase() == name.to_lowercase()).map(|label| label.id)
        })
    }

    fn ask_again(self, which: impl Fn(&Answer) -> bool) {
        let again: Vec<Question> = self.list.with_untracked(|list| {
            list.iter().filter(|question| question.answer.with_untracked(&which)).cloned().collect()
        });
        for question in &again {
            question.answer.set(Answer::Waiting);
        }
        self.send_later(&again);
    }

    fn send_later(self, questions: &[Question]) {
        let numbered =
            questions.iter().map(|question| Numbered { number: question.number, file: question.file.clone() });
        self.queue.update_value(|queue| queue.extend(numbered));
        if self.sending.with_value(Option::is_some) {
            return;
        }
        let (sending, handle) = abortable(async move {
            while let Some(batch) = self.queue.try_update_value(batch::take).filter(|batch| !batch.is_empty()) {
                self.send(batch).await;
            }
            self.sending.try_set_value(None);
        });
        self.sending.set_value(Some(handle));
        spawn_local(async move {
            // Stopped or not: what there is to know is in the answers.
            let _ = sending.await;
        });
    }

    async fn send(self, batch: Vec<Numbered>) {
        let files: Vec<_> = batch.iter().map(|numbered| numbered.file.clone()).collect();
        let Some(model) = self.model.try_get_untracked() else { return };
        let answer = api::predict::predict(self.workspace.id, model, &files).await;
        if self.list.is_disposed() {
            return;
        }
        let answers: HashMap<u32, Answer> = match answer {
            Ok(predictions) => {
                let numbers = batch.iter().map(|numbered| numbered.number);
                numbers.zip(predictions.items.into_iter().map(answer_of)).collect()
            }
            Err(error) => batch.iter().map(|numbered| (numbered.number, Answer::Unasked(error.to_string()))).collect(),
        };
        self.list.with_untracked(|list| {
            for question in list {
                if let Some(answer) = answers.get(&question.number) {
                    question.answer.set(answer.clone());
                }
            }
        });
    }
}

fn answer_of(prediction: Prediction) -> Answer {
    match (&prediction.problem, &prediction.label) {
        (Some(problem), _) => Answer::Unreadable(problem.detail.clone()),
        (None, None) => Answer::Unreadable(i18n::no_answer().into()),
        (None, Some(_)) => Answer::Known(Box::new(prediction)),
    }
}
