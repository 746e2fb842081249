//! The confusion matrix; of many labels, only what is mixed up most.

use crate::{
    components::table::{Cell, Row, Table},
    format, i18n,
};
use dto::evaluation::Evaluation;
use leptos::prelude::*;

/// A matrix of more labels can't be read.
const LABELS: usize = 12;
const PAIRS: usize = 12;

#[component]
pub fn Confusion(evaluation: Evaluation) -> impl IntoView {
    let names: Vec<String> = evaluation.labels.into_iter().map(|label| label.label).collect();
    let (help, head, rows) = if names.len() <= LABELS {
        let head = [i18n::really().to_owned()].into_iter().chain(names.iter().cloned()).collect();
        (i18n::mixes_up_help(), head, matrix(names, &evaluation.confusion))
    } else {
        let head = [i18n::really(), i18n::called(), i18n::how_often()].map(str::to_owned).into();
        let rows: Vec<Row> = pairs(&evaluation.confusion)
            .into_iter()
            .take(PAIRS)
            .map(|(count, really, called)| {
                let cells = [names[called].clone(), format::count(count)];
                (names[really].clone(), cells.map(Cell::from).into())
            })
            .collect();
        (if rows.is_empty() { i18n::mixes_up_nothing() } else { i18n::most_mixed_up() }, head, rows)
    };
    let has_rows = !rows.is_empty();
    view! {
        <section class="confusion">
            <h2>{i18n::mixes_up()}</h2>
            <p class="muted small">{help}</p>
            {has_rows.then(|| view! { <Table caption=i18n::mixes_up() head=head rows=rows /> })}
        </section>
    }
}

fn matrix(names: Vec<String>, counts: &[Vec<u64>]) -> Vec<Row> {
    let rows = names.into_iter().zip(counts).map(|(name, counts)| {
        let all = counts.iter().sum::<u64>().max(1) as f64;
        let cell = |count: &u64| Cell { text: format::count(*count), heat: Some(*count as f64 / all) };
        (name, counts.iter().map(cell).collect())
    });
    rows.collect()
}

/// How many pictures of a label were called another, the most first.
fn pairs(counts: &[Vec<u64>]) -> Vec<(u64, usize, usize)> {
    let mut pairs: Vec<_> = counts
        .iter()
        .enumerate()
        .flat_map(|(really, row)| row.iter().enumerate().map(move |(called, count)| (*count, really, called)))
        .filter(|(count, really, called)| *count > 0 && really != called)
        .collect();
    pairs.sort_unstable_by(|a, b| b.cmp(a));
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mixed_up_most_comes_first_and_what_is_right_is_left_out() {
        assert_eq!(pairs(&[vec![9, 0, 2], vec![1, 8, 0], vec![0, 3, 7]]), [(3, 2, 1), (2, 0, 2), (1, 1, 0)]);
    }
}
