//! A table of texts.

use leptos::prelude::*;

/// A cell: its text, and how strongly it is shaded, 0 to 1. The shade is decoration: the text says it too.
pub struct Cell {
    pub text: String,
    pub heat: Option<f64>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, heat: None }
    }
}

/// A row: its heading and its cells.
pub type Row = (String, Vec<Cell>);

#[component]
pub fn Table(
    /// What it is about, to screen readers.
    caption: &'static str,
    /// The headings of the columns, that of the rows' headings first.
    head: Vec<String>,
    rows: Vec<Row>,
) -> impl IntoView {
    let head = head.into_iter().map(|text| view! { <th scope="col">{text}</th> }.into_any()).collect::<Vec<_>>();
    let rows = rows.into_iter().map(|(name, cells)| {
        let cells = cells.into_iter().map(|cell| {
            let heat = cell.heat.map(|heat| format!("{:.0}%", heat.clamp(0.0, 1.0) * 100.0));
            view! { <td class:heat=heat.is_some() style=("--heat", heat.clone())>{cell.text}</td> }.into_any()
        });
        let cells = cells.collect::<Vec<_>>();
        view! { <tr><th scope="row" class="ellipsis">{name}</th>{cells}</tr> }.into_any()
    });
    let rows = rows.collect::<Vec<_>>();
    view! {
        <div class="table" tabindex="0" role="region" aria-label=caption>
            <table class="num">
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
