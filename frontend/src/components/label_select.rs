//! The select box that gives a picture its label.

use super::icons::Chevron;
use crate::components::each::Each;
use crate::{color, i18n};
use dto::{LabelId, label::Label};
use leptos::prelude::*;

/// A native select box over `labels`, with the colour of the `current` one before it. `on_pick` hears what was chosen;
/// `None` is "no label".
#[component]
pub fn LabelSelect(
    labels: Memo<Option<Vec<Label>>>,
    #[prop(into)] current: Signal<Option<LabelId>>,
    #[prop(into)] on_pick: Callback<Option<LabelId>>,
    /// What it is for, to screen readers.
    #[prop(into)]
    name: Signal<String>,
    /// What stands there while there is no label.
    placeholder: &'static str,
    /// What takes the label away, where there is one.
    #[prop(default = i18n::no_label())]
    none: &'static str,
    #[prop(optional)] testid: Option<&'static str>,
) -> impl IntoView {
    let color = move || {
        let current = current.get()?;
        labels.with(|labels| {
            labels.as_ref()?.iter().find(|label| label.id == current).map(|label| color::css(&label.color))
        })
    };
    let none_text = move || if current.get().is_some() { none } else { placeholder };
    view! {
        <label class="pick" class:none=move || current.get().is_none() style:--c=move || color().unwrap_or_default()>
            <span class="dot" aria-hidden="true"></span>
            <select
                aria-label=name
                data-testid=testid
                on:change:target=move |event| on_pick.run(event.target().value().parse().ok())
            >
                <option value="" prop:selected=move || current.get().is_none()>
                    {none_text}
                </option>
                <Each
                    each=move || labels.get().unwrap_or_default()
                    key=|label| (label.id, label.name.clone())
                    let:label
                >
                    <option value=label.id.to_string() prop:selected=move || current.get() == Some(label.id)>
                        {label.name}
                    </option>
                </Each>
            </select>
            <Chevron />
        </label>
    }
}
