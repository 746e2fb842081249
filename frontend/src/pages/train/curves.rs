//! How learning went: accuracy and loss by epoch.

use super::plot::{self, Scale};
use crate::i18n;
use dto::model::{Epoch, Model};
use leptos::prelude::*;

#[component]
pub fn Curves(model: Memo<Model>) -> impl IntoView {
    let epochs = Memo::new(move |_| model.with(|model| model.epochs.clone()));
    view! {
        <section class="card curves" aria-labelledby="curves-title">
            <div class="row">
                <h2 id="curves-title" class="grow">
                    {i18n::how_learning_went()}
                </h2>
                <span class="legend learned small muted">{i18n::learned_from()}</span>
                <span class="legend unseen small">{i18n::not_seen()}</span>
            </div>
            <div class="plots">
                <Plot
                    epochs=epochs
                    name=i18n::accuracy_percent()
                    learned=|epoch| epoch.accuracy * 100.0
                    unseen=|epoch| epoch.validation_accuracy.map(|accuracy| accuracy * 100.0)
                    at_least=100.0
                />
                <Plot
                    epochs=epochs
                    name=i18n::loss()
                    learned=|epoch| epoch.loss
                    unseen=|epoch| epoch.validation_loss
                    at_least=0.0
                />
            </div>
        </section>
    }
}

/// One drawing with both curves. Its upper edge is `at_least` that high.
#[component]
fn Plot(
    epochs: Memo<Vec<Epoch>>,
    name: &'static str,
    learned: fn(&Epoch) -> f64,
    unseen: fn(&Epoch) -> Option<f64>,
    at_least: f64,
) -> impl IntoView {
    let learned_points =
        move || epochs.with(|epochs| epochs.iter().map(|epoch| (epoch.epoch, learned(epoch))).collect::<Vec<_>>());
    let unseen_points = move || {
        epochs.with(|epochs| epochs.iter().filter_map(|epoch| Some((epoch.epoch, unseen(epoch)?))).collect::<Vec<_>>())
    };
    let scale = Memo::new(move |_| {
        let last = epochs.with(|epochs| epochs.last().map_or(0, |epoch| epoch.epoch));
        let values = learned_points().into_iter().chain(unseen_points()).map(|(_, value)| value);
        Scale::new(last, values.filter(|value| value.is_finite()).fold(at_least, f64::max))
    });
    let last_epoch = move || epochs.with(|epochs| epochs.last().map(|epoch| epoch.epoch).filter(|epoch| *epoch > 0));
    let tick = move |value: f64| {
        let y = scale.get().y(value);
        view! {
            <line x1=plot::LEFT x2=plot::WIDTH - plot::RIGHT y1=y y2=y class="grid-line" />
            <text x=plot::LEFT - 8.0 y=y + 4.0 text-anchor="end">
                {tick_text(value)}
            </text>
        }
    };
    let end_of = move |points: Vec<(u32, f64)>, class: &'static str| {
        points.last().map(|(epoch, value)| {
            let scale = scale.get();
            view! { <circle cx=scale.x(*epoch) cy=scale.y(*value) r="3.5" class=class /> }
        })
    };
    view! {
        <figure>
            <figcaption class="small muted">{name}</figcaption>
            <svg
                class="plot num"
                viewBox=format!("0 0 {} {}", plot::WIDTH, plot::HEIGHT)
                role="img"
                aria-label=move || i18n::curve_in_words(name, learned_points().last().map(|(_, value)| *value))
            >
                {move || scale.get().ticks().into_iter().map(tick).collect_view()}
                <path class="learned" d=move || scale.get().path(&learned_points()) />
                <path class="unseen" d=move || scale.get().path(&unseen_points()) />
                {move || end_of(learned_points(), "learned")}
                {move || end_of(unseen_points(), "unseen")}
                <text x=plot::LEFT y=plot::HEIGHT - 4.0>
                    {i18n::epoch_zero()}
                </text>
                {move || {
                    last_epoch()
                        .map(|last| {
                            view! {
                                <text x=plot::WIDTH - plot::RIGHT y=plot::HEIGHT - 4.0 text-anchor="end">
                                    {last}
                                </text>
                            }
                        })
                }}
            </svg>
        </figure>
    }
}

/// As few digits as tell ticks apart.
fn tick_text(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_short() {
        assert_eq!(tick_text(100.0), "100");
        assert_eq!(tick_text(0.25), "0.25");
        assert_eq!(tick_text(0.0), "0");
        assert_eq!(tick_text(7.5), "7.5");
    }
}
