//! What the model says of every picture it was trained on.

use crate::components::each::Each;
use crate::components::show::Show;
use crate::{
    api,
    components::{
        empty::Empty,
        looked::{Look, LookButton, Looked},
        more::{More, Paged},
        thumbnail::Thumbnail,
    },
    format, i18n,
};
use dto::{
    LabelId, ModelId,
    result::{ImageResult, ResultQuery},
};
use leptos::prelude::*;

/// Those of `label` only, where there is one.
#[component]
pub fn AllResults(model: ModelId, label: Option<LabelId>) -> impl IntoView {
    let list = Paged::new(move |cursor| async move {
        let query = ResultQuery { cursor, label, ..Default::default() };
        api::train::results(model, &query).await
    });
    view! {
        <Show when=move || list.is_empty()>
            <div class="card">
                <Empty title=i18n::no_pictures_here() text=i18n::no_picture_has_it() />
            </div>
        </Show>
        <div class="miss" role="list">
            <Each each=move || list.items.get() key=|result| result.image_id let:result>
                <ResultCard model=model result=result />
            </Each>
        </div>
        <More reading=list.reading />
    }
}

#[component]
fn ResultCard(model: ModelId, result: ImageResult) -> impl IntoView {
    let is_right = result.current_label_id == Some(result.predicted_id);
    let mut labels = vec![(result.predicted_id, result.predicted.clone())];
    labels.extend(result.current_label_id.zip(result.current_label.clone()).filter(|_| !is_right));
    let look = Look { model, picture: Looked::Stored(result.image_id), labels };
    view! {
        <div class="pic" role="listitem" class:wrong=!is_right data-image-id=result.image_id.to_string()>
            <Thumbnail id=result.image_id alt=result.file_name.clone() />
            <div class="why">
                <LookButton look=look />
                <div class="ellipsis">
                    {i18n::you_said()} " " <b>{result.current_label.unwrap_or_else(|| i18n::no_label().into())}</b>
                </div>
                <div class="ellipsis">
                    {i18n::pupil_says()} " " <b class:bad-text=!is_right>{result.predicted}</b> " "
                    <span class="muted num">{format::percent(result.probability)}</span>
                </div>
                <Show when=move || !result.out_of_fold>
                    <div class="muted">{i18n::learned_this_one()}</div>
                </Show>
            </div>
        </div>
    }
}
