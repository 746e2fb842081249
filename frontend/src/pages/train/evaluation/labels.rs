//! Each label's precision, recall and F1.

use crate::{
    components::table::{Cell, Row, Table},
    format, i18n,
};
use dto::evaluation::{Evaluation, LabelEvaluation};
use leptos::prelude::*;

#[component]
pub fn Labels(evaluation: Evaluation) -> impl IntoView {
    let head = [i18n::label(), i18n::right_when_said(), i18n::finds(), i18n::f1(), i18n::tested()];
    let weakest = weakest(&evaluation.labels).map(i18n::label_in_words);
    let rows = evaluation.labels.into_iter().map(row).collect();
    view! {
        <section>
            <h2>{i18n::label_by_label()}</h2>
            <p>{weakest}</p>
            <Table caption=i18n::label_by_label() head=head.map(str::to_owned).into() rows=rows />
        </section>
    }
}

fn row(label: LabelEvaluation) -> Row {
    let shares = [label.precision, label.recall, label.f1].into_iter().map(share);
    let tested = Cell::from(format!("{} / {}", format::count(label.tested), format::count(label.images)));
    (label.label, shares.map(Cell::from).chain([tested]).collect())
}

/// In percent; a dash for a share of nothing.
pub fn share(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), format::percent)
}

/// The label with the lowest F1, where they are not all perfect.
fn weakest(labels: &[LabelEvaluation]) -> Option<&LabelEvaluation> {
    let known = labels.iter().filter_map(|label| Some((label, label.f1?)));
    known.filter(|(_, f1)| *f1 < 1.0).min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(label, _)| label)
}
