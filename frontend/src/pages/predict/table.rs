//! All answers at a glance: a table that can be sorted and taken along.

use super::{
    asked::Questions,
    csv,
    row::{self, Column, Row},
};
use crate::components::show::Show;
use crate::{components::testid, dom, format, i18n};
use leptos::prelude::*;

/// Rows that are drawn at once.
const ROWS: usize = 100;

#[component]
pub fn Table(questions: Questions) -> impl IntoView {
    let order = RwSignal::new((Column::Number, false));
    let shown = RwSignal::new(ROWS);
    let rows = Memo::new(move |_| {
        let mut rows: Vec<Row> =
            questions.list.with(|list| list.iter().map(|question| Row::of(question, questions.workspace)).collect());
        let (column, descending) = order.get();
        row::sort(&mut rows, column, descending);
        rows
    });
    let count = move || rows.with(Vec::len);
    let visible = move || rows.with(|rows| rows.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    let download = move |_| {
        let labels = questions.workspace.labels.get_untracked().unwrap_or_default();
        let mut names: Vec<String> = labels.into_iter().map(|label| label.name).collect();
        // A label deleted since is still one of the model's.
        rows.with_untracked(|rows| {
            for (name, _) in rows.iter().flat_map(|row| &row.probabilities) {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        });
        dom::download(
            i18n::csv_file_name(),
            "text/csv;charset=utf-8",
            &rows.with_untracked(|rows| csv::write(rows, &names)),
        );
    };
    let heading = move |column: Column, word: &'static str| {
        let sorted = move || match order.get() {
            (by, true) if by == column => "descending",
            (by, false) if by == column => "ascending",
            _ => "none",
        };
        let sort = move |_| {
            // What is surest or wrong is what one looks for first; a second press turns it round.
            order.update(|(by, descending)| {
                *descending = if *by == column { !*descending } else { column == Column::Probability };
                *by = column;
            });
        };
        view! {
            <th scope="col" aria-sort=sorted>
                <button type="button" class="sort" on:click=sort>
                    {word}
                </button>
            </th>
        }
    };
    view! {
        <section class="results" aria-labelledby="results-title">
            <div class="row">
                <h2 id="results-title" class="grow">{i18n::results()}</h2>
                <button type="button" class="btn small" data-testid=testid::PREDICT_CSV on:click=download>
                    {i18n::download_csv()}
                </button>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-labelledby="results-title">
                <table class="num">
                    <thead>
                        <tr>
                            {heading(Column::FileName, i18n::file_name())}
                            {heading(Column::Label, i18n::label())}
                            {heading(Column::Probability, i18n::how_likely())}
                            {heading(Column::Expected, i18n::really_is())}
                            {heading(Column::Correct, i18n::right_or_wrong())}
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            visible().into_iter().map(|row| view! { <Line row=row questions=questions /> }).collect_view()
                        }}
                    </tbody>
                </table>
                <Show when=move || { count() > shown.get() }>
                    <div class="row center">
                        <button type="button" class="btn small" on:click=move |_| shown.update(|shown| *shown += ROWS)>
                            {i18n::show_more()}
                        </button>
                    </div>
                </Show>
            </div>
        </section>
    }
}

#[component]
fn Line(row: Row, questions: Questions) -> impl IntoView {
    let number = row.number;
    let sure = if row.unsure == Some(true) { i18n::not_sure() } else { "" };
    let said = match (&row.problem, &row.label) {
        (Some(why), _) => view! { <span class="bad-text ellipsis" title=why.clone()>{why.clone()}</span> }.into_any(),
        (None, Some(label)) => view! { {label.clone()} }.into_any(),
        (None, None) => view! { "…" }.into_any(),
    };
    view! {
        <tr data-testid=testid::PREDICT_ROW data-file=row.file_name.clone()>
            <td>
                <button type="button" class="link ellipsis" on:click=move |_| questions.chosen.set(Some(number))>
                    {row.file_name.clone()}
                </button>
            </td>
            <td class="said">{said}</td>
            <td>
                {row.probability.map(format::percent)} " " <span class="unsure small">{sure}</span>
            </td>
            <td>{row.expected}</td>
            <td>
                {match row.correct {
                    Some(true) => Some(view! { <b class="good-text">{i18n::right()}</b> }),
                    Some(false) => Some(view! { <b class="bad-text">{i18n::wrong()}</b> }),
                    None => None,
                }}
            </td>
        </tr>
    }
}
