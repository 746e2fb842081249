//! Makes pictures that were asked about pictures to learn from.

use super::asked::{Answer, Question, Questions};
use crate::components::show::Show;
use crate::{
    api,
    components::{label_select::LabelSelect, testid},
    i18n,
    state::batch::{self, Batchable},
};
use dto::{
    LabelId,
    image::{Outcome, Source, UploadedFile},
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::VecDeque;

/// Whether a picture has become one of the project's.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    No,
    Busy,
    /// It is a new one, with this label.
    Stored(String),
    /// It was there already, with this label if any.
    Duplicate(Option<String>),
    Failed(String),
}

impl Kept {
    fn sentence(&self) -> String {
        match self {
            Self::No => String::new(),
            Self::Busy => i18n::one_moment().into(),
            Self::Stored(label) => i18n::added_as(label),
            Self::Duplicate(label) => i18n::there_already(label.as_deref()),
            Self::Failed(why) => why.clone(),
        }
    }
}

/// A picture, and the name of the label that it gets.
struct ToKeep {
    question: Question,
    label: String,
}

impl Batchable for ToKeep {
    fn bytes(&self) -> f64 {
        self.question.file.size()
    }
    fn goes_with(&self, other: &Self) -> bool {
        self.label == other.label
    }
}

/// Asks under which label the shown picture is to be added.
#[component]
pub fn Keep(question: Question, questions: Questions) -> impl IntoView {
    let kept = question.kept.clone();
    let question = StoredValue::new_local(question);
    let pick = move |label: Option<LabelId>| {
        if let Some(label) = label {
            keep(questions, vec![(question.get_value(), label)]);
        }
    };
    view! {
        <div class="row truth">
            <span class="small muted">{i18n::add_to_training()}</span>
            <LabelSelect
                labels=questions.workspace.labels
                current=None
                on_pick=pick
                name=i18n::add_to_training()
                placeholder=i18n::choose_label()
                testid=testid::PREDICT_KEEP
            />
            <span class="small" role="status" data-testid=testid::PREDICT_KEPT>
                {move || kept.with(Kept::sentence)}
            </span>
        </div>
    }
}

/// Adds all pictures whose truth is known, each under its label.
#[component]
pub fn KeepAll(questions: Questions) -> impl IntoView {
    let open = move || {
        questions.list.with(|list| {
            let known = list.iter().filter(|question| {
                question.kept.with(|kept| matches!(kept, Kept::No | Kept::Failed(_)))
                    && question.truth.with(Option::is_some)
                    && question.answer.with(|answer| matches!(answer, Answer::Known(_)))
            });
            known.cloned().collect::<Vec<_>>()
        })
    };
    let count = move || open().len();
    let keep_all = move |_| {
        let all = untrack(open).into_iter();
        keep(
            questions,
            all.filter_map(|question| question.truth.get_untracked().map(|label| (question, label))).collect(),
        );
    };
    view! {
        <Show when=move || { count() > 1 }>
            <button type="button" class="btn" data-testid=testid::PREDICT_KEEP_ALL on:click=keep_all>
                {move || i18n::add_all(count())}
            </button>
        </Show>
    }
}

/// Uploads pictures to the project, in requests of one label each.
fn keep(questions: Questions, pictures: Vec<(Question, LabelId)>) {
    let workspace = questions.workspace;
    let name = |id| untrack(|| workspace.label(id)).map(|label| label.name);
    let mut queue: Vec<ToKeep> =
        pictures.into_iter().filter_map(|(question, label)| Some(ToKeep { question, label: name(label)? })).collect();
    queue.sort_by(|a, b| a.label.cmp(&b.label));
    for picture in &queue {
        picture.question.kept.set(Kept::Busy);
    }
    let mut queue = VecDeque::from(queue);
    spawn_local(async move {
        loop {
            let batch = batch::take(&mut queue);
            let Some(first) = batch.first() else { break };
            let files: Vec<_> = batch.iter().map(|picture| picture.question.file.clone()).collect();
            let answer = api::images::upload(workspace.id, &files, Some(&first.label), Source::Upload, |_, _| ()).await;
            if workspace.is_closed() {
                return;
            }
            match answer {
                Ok(upload) => {
                    for (picture, file) in batch.iter().zip(upload.items) {
                        let outcome = untrack(|| outcome(questions, picture, file));
                        picture.question.kept.set(outcome);
                    }
                }
                Err(error) => {
                    batch.iter().for_each(|picture| picture.question.kept.set(Kept::Failed(error.to_string())))
                }
            }
            workspace.gallery.reload();
            workspace.refresh_counts();
        }
    });
}

fn outcome(questions: Questions, picture: &ToKeep, file: UploadedFile) -> Kept {
    let name = |id| questions.workspace.label(id).map(|label| label.name);
    match file.outcome {
        Outcome::Stored => Kept::Stored(picture.label.clone()),
        Outcome::Duplicate => Kept::Duplicate(file.image.and_then(|image| image.label_id).and_then(name)),
        Outcome::Rejected => {
            Kept::Failed(file.problem.map_or_else(|| i18n::not_taken().into(), |problem| problem.detail))
        }
    }
}
