//! One row per epoch, as they happen.

use crate::components::each::Each;
use crate::{components::testid, format, i18n};
use dto::model::{Epoch, Model, Status};
use leptos::{html, prelude::*};

#[component]
pub fn Epochs(model: Memo<Model>) -> impl IntoView {
    let epochs = Memo::new(move |_| model.with(|model| model.epochs.clone()));
    let frame = NodeRef::<html::Div>::new();
    // The newest row stays in sight while there are new ones.
    Effect::new(move || {
        epochs.track();
        if let Some(frame) = frame.get()
            && model.with_untracked(|model| !model.status.is_over())
        {
            frame.set_scroll_top(frame.scroll_height());
        }
    });
    let note = move || {
        model.with(|model| {
            (model.status == Status::Ready).then(|| i18n::epochs_note(model.epochs.len(), model.settings.max_epochs))
        })
    };
    view! {
        <section class="card six" aria-labelledby="epochs-title">
            <h2 id="epochs-title">{i18n::epochs()}</h2>
            <div class="scroll" node_ref=frame tabindex="0" role="region" aria-labelledby="epochs-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"#"</th>
                            <th scope="col">{i18n::loss()}</th>
                            <th scope="col">{i18n::accuracy()}</th>
                            <th scope="col" class="wide-only">{i18n::unseen_loss()}</th>
                            <th scope="col">{i18n::unseen_accuracy()}</th>
                            <th scope="col">{i18n::time()}</th>
                        </tr>
                    </thead>
                    <tbody class="num">
                        <Each each=move || epochs.get() key=|epoch| epoch.epoch let:epoch>
                            <Row epoch=epoch />
                        </Each>
                    </tbody>
                </table>
            </div>
            <p class="muted small">{note}</p>
        </section>
    }
}

#[component]
fn Row(epoch: Epoch) -> impl IntoView {
    view! {
        <tr data-testid=testid::EPOCH_ROW data-epoch=epoch.epoch title=i18n::epoch_line(&epoch)>
            <td>{epoch.epoch}</td>
            <td>{four_digits(epoch.loss)}</td>
            <td>{format::percent_exact(epoch.accuracy)}</td>
            <td class="wide-only">{epoch.validation_loss.map_or_else(dash, four_digits)}</td>
            <td>{epoch.validation_accuracy.map_or_else(dash, format::percent_exact)}</td>
            <td>{format::seconds_exact(epoch.elapsed_seconds)}</td>
        </tr>
    }
}

fn four_digits(loss: f64) -> String {
    format!("{loss:.4}")
}

fn dash() -> String {
    "–".to_owned()
}
