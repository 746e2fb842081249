//! What changed from one version to another: which is better, the scores side by side, what was different.

use super::evaluation::share;
use crate::state::reading::Reading;
use crate::{
    api,
    components::{
        failure::Failure,
        fold::Fold,
        table::{Cell, Row, Table},
        testid,
    },
    format, i18n,
    state::workspace::Workspace,
};
use dto::{
    ModelId,
    evaluation::{Comparison, SideScores},
    model::{Model, Status},
};
use leptos::prelude::*;

#[component]
pub fn Compare(shown: Memo<Model>) -> impl IntoView {
    let workspace = Workspace::get();
    let picked = RwSignal::new(None::<ModelId>);
    let others = Memo::new(move |_| {
        let id = shown.with(|shown| shown.id);
        let mut models = workspace.known_models();
        models.retain(|model| model.id != id && model.status == Status::Ready);
        models
    });
    // The one chosen, else the version before the shown one, else any.
    let other = Memo::new(move |_| {
        let version = shown.with(|shown| shown.version);
        others.with(|others| {
            let chosen = picked.get().and_then(|id| others.iter().find(|model| model.id == id));
            let before = || others.iter().filter(|model| model.version < version).max_by_key(|model| model.version);
            chosen.or_else(before).or_else(|| others.last()).map(|model| (model.id, model.version))
        })
    });
    let option = move |model: Model| {
        let id = model.id;
        view! {
            <option value=id.to_string() prop:selected=move || other.get().is_some_and(|(other, _)| other == id)>
                {model.name}
            </option>
        }
    };
    let name = shown.with_untracked(|shown| shown.name.clone());
    view! {
        <Fold title=i18n::compare() line=i18n::compared_line(&name) testid=testid::COMPARE>
            {move || match other.get() {
                None => view! { <p class="muted">{i18n::nothing_to_compare()}</p> }.into_any(),
                Some((id, version)) => {
                    let (shown_id, shown_version) = shown.with_untracked(|shown| (shown.id, shown.version));
                    // The earlier one is what it was before.
                    let (before, after) = if version < shown_version { (id, shown_id) } else { (shown_id, id) };
                    view! {
                        <select
                            aria-label=i18n::compare_with()
                            data-testid=testid::COMPARE_WITH
                            on:change:target=move |event| picked.set(event.target().value().parse().ok())
                        >
                            {others.get_untracked().into_iter().map(option).collect_view()}
                        </select>
                        <Compared before=before after=after />
                    }
                        .into_any()
                }
            }}
        </Fold>
    }
}

#[component]
fn Compared(before: ModelId, after: ModelId) -> impl IntoView {
    let comparing = Reading::new(move || api::evaluation::compare(before, after));
    move || match comparing.get() {
        None => view! { <p class="muted" role="status">{i18n::loading()}</p> }.into_any(),
        Some(Err(error)) => view! { <Failure error=error retry=move |()| comparing.refetch() /> }.into_any(),
        Some(Ok(comparison)) => view! { <Answer comparison=comparison /> }.into_any(),
    }
}

#[component]
fn Answer(comparison: Comparison) -> impl IntoView {
    let changes = i18n::data_changes(&comparison);
    let changes = if changes.is_empty() { vec![i18n::nothing_changed().to_owned()] } else { changes };
    let changes = changes.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let together = i18n::head_to_head(&comparison.head_to_head);
    let head = vec![String::new(), comparison.before.name.clone(), comparison.after.name.clone()];
    view! {
        <p class="verdict" data-testid=testid::COMPARE_VERDICT>
            {comparison.verdict}
        </p>
        <p class="muted small num">{together}</p>
        <Table caption=i18n::scores() head=head rows=scores(&comparison.before, &comparison.after) />
        <h2>{i18n::what_changed()}</h2>
        <ul class="changes">{changes}</ul>
    }
}

fn scores(before: &SideScores, after: &SideScores) -> Vec<Row> {
    let row = |name: &'static str, value: fn(&SideScores) -> String| {
        (name.to_owned(), [before, after].map(value).map(Cell::from).into())
    };
    vec![
        row(i18n::accuracy(), |side| share(side.accuracy)),
        row(i18n::likely_range(), |side| side.accuracy_interval.map_or_else(String::new, format::percent_range)),
        row(i18n::macro_f1(), |side| share(side.macro_f1)),
        row(i18n::log_loss(), |side| side.log_loss.map_or_else(String::new, |loss| format!("{loss:.3}"))),
        row(i18n::calibration(), |side| share(side.calibration_error)),
        row(i18n::how_to_learn(), |side| format!("{} · {}", i18n::mode(side.mode), side.backbone.title())),
        row(i18n::training_time(), |side| side.train_seconds.map_or_else(String::new, format::seconds)),
    ]
}
