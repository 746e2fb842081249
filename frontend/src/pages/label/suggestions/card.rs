//! One picture and the label that is suggested for it.

use super::suggesting::Suggesting;
use crate::{
    api, color,
    components::{
        label_select::LabelSelect,
        looked::{Look, LookButton, Looked},
        testid,
        thumbnail::Thumbnail,
    },
    format, i18n,
};
use dto::suggestion::Suggestion;
use leptos::prelude::*;

#[component]
pub fn Card(suggesting: Suggesting, suggestion: Suggestion) -> impl IntoView {
    let workspace = suggesting.workspace;
    let (id, label) = (suggestion.image_id, suggestion.label_id);
    let css = move || workspace.label(label).map(|label| color::css(&label.color));
    let look = suggesting.head.with_untracked(|head| {
        let labels = vec![(label, suggestion.label.clone())];
        head.as_ref().map(|head| Look { model: head.model, picture: Looked::Stored(id), labels })
    });
    let label_name = suggestion.label.clone();
    let accept_words = i18n::accept(&suggestion.label, &suggestion.file_name);
    view! {
        <div
            class="pic"
            role="listitem"
            data-testid=testid::SUGGESTION
            data-image-id=id.to_string()
            data-label-name=label_name.clone()
        >
            <a href=api::images::file_url(id) target="_blank" rel="noopener" title=suggestion.file_name.clone()>
                <Thumbnail id=id alt=suggestion.file_name.clone() />
            </a>
            <div class="why">
                {look.map(|look| view! { <LookButton look=look /> })}
                <div class="muted">
                    {i18n::pupil_says()} " " <span class="num">{format::percent(suggestion.probability)}</span>
                    {suggestion.unsure.then(|| view! { " · " <span class="unsure">{i18n::not_sure()}</span> })}
                </div>
            </div>
            <div class="acts">
                <button
                    type="button"
                    class="btn grow"
                    aria-label=accept_words.clone()
                    title=accept_words
                    data-testid=testid::SUGGESTION_ACCEPT
                    style:--c=move || css().unwrap_or_default()
                    on:click=move |_| suggesting.accept(id)
                >
                    <span class="dot" aria-hidden="true"></span>
                    <span class="ellipsis">{label_name.clone()}</span>
                </button>
            </div>
            <LabelSelect
                labels=workspace.labels
                current=Signal::derive(|| None)
                on_pick=move |picked| {
                    if let Some(label) = picked {
                        suggesting.label(id, label);
                    }
                }
                name=i18n::other_label_of(&suggestion.file_name)
                placeholder=i18n::another_label()
                testid=testid::SUGGESTION_OTHER
            />
        </div>
    }
}
