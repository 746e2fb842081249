//! The numbers that need a word each.

use super::labels::share;
use crate::{
    components::table::{Cell, Table},
    i18n,
};
use dto::evaluation::Evaluation;
use leptos::prelude::*;

#[component]
pub fn Numbers(evaluation: Evaluation) -> impl IntoView {
    let log_loss = evaluation.log_loss.map_or_else(|| "–".to_owned(), |loss| format!("{loss:.3}"));
    let rows = [
        (i18n::macro_f1(), share(evaluation.macro_f1), i18n::macro_f1_help()),
        (i18n::log_loss(), log_loss, i18n::log_loss_help()),
        (i18n::calibration(), share(evaluation.calibration_error), i18n::calibration_help()),
        (i18n::on_learned(), share(evaluation.training_accuracy), i18n::on_learned_help()),
    ];
    let rows = rows.map(|(name, value, help)| (name.to_owned(), [value, help.to_owned()].map(Cell::from).into()));
    let head = [i18n::number(), i18n::value(), i18n::meaning()].map(str::to_owned);
    view! {
        <section class="numbers">
            <h2>{i18n::other_numbers()}</h2>
            <Table caption=i18n::other_numbers() head=head.into() rows=rows.into() />
        </section>
    }
}
