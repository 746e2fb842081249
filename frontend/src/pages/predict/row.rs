//! One picture's answer as a row of the table, and the order of rows.

use super::asked::{Answer, Question};
use crate::state::workspace::Workspace;
use leptos::prelude::Get;

/// What a row holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub number: u32,
    pub file_name: String,
    pub label: Option<String>,
    pub probability: Option<f64>,
    pub unsure: Option<bool>,
    pub expected: Option<String>,
    pub correct: Option<bool>,
    /// Of each label.
    pub probabilities: Vec<(String, f64)>,
    /// Why there is no answer.
    pub problem: Option<String>,
}

/// What rows can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// As they were asked.
    Number,
    FileName,
    Label,
    Probability,
    Expected,
    Correct,
}

impl Row {
    /// The row of a question, as it stands now. Tracks its answer and its truth.
    pub fn of(question: &Question, workspace: Workspace) -> Self {
        let row = Self {
            number: question.number,
            file_name: question.file_name.clone(),
            expected: question.truth.get().and_then(|id| workspace.label(id)).map(|label| label.name),
            correct: question.is_right(),
            ..Self::default()
        };
        match question.answer.get() {
            Answer::Waiting => row,
            Answer::Unreadable(why) | Answer::Unasked(why) => Self { problem: Some(why), ..row },
            Answer::Known(prediction) => Self {
                label: prediction.label,
                probability: prediction.probability,
                unsure: prediction.unsure,
                probabilities: prediction.probabilities.into_iter().map(|of| (of.label, of.probability)).collect(),
                ..row
            },
        }
    }
}

/// Sorts rows by a column; those that have nothing in it come last either way.
pub fn sort(rows: &mut [Row], column: Column, descending: bool) {
    let by = |a: &Row, b: &Row| match column {
        Column::Number => a.number.cmp(&b.number),
        Column::FileName => a.file_name.to_lowercase().cmp(&b.file_name.to_lowercase()),
        Column::Label => a.label.cmp(&b.label),
        Column::Probability => a.probability.unwrap_or(0.0).total_cmp(&b.probability.unwrap_or(0.0)),
        Column::Expected => a.expected.cmp(&b.expected),
        Column::Correct => a.correct.cmp(&b.correct),
    };
    let is_missing = |row: &Row| match column {
        Column::Number | Column::FileName => false,
        Column::Label | Column::Probability => row.label.is_none(),
        Column::Expected => row.expected.is_none(),
        Column::Correct => row.correct.is_none(),
    };
    rows.sort_by(|a, b| {
        let order = by(a, b);
        is_missing(a).cmp(&is_missing(b)).then(if descending { order.reverse() } else { order })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, label: Option<&str>, probability: Option<f64>) -> Row {
        Row { number, label: label.map(str::to_owned), probability, ..Row::default() }
    }

    #[test]
    fn rows_without_an_answer_come_last() {
        let mut rows = vec![row(0, None, None), row(1, Some("cat"), Some(0.6)), row(2, Some("dog"), Some(0.9))];
        let order = |rows: &[Row]| rows.iter().map(|row| row.number).collect::<Vec<_>>();
        sort(&mut rows, Column::Probability, true);
        assert_eq!(order(&rows), [2, 1, 0]);
        sort(&mut rows, Column::Probability, false);
        assert_eq!(order(&rows), [1, 2, 0]);
        sort(&mut rows, Column::Number, false);
        assert_eq!(order(&rows), [0, 1, 2]);
    }
}
