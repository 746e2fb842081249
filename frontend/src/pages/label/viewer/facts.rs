//! What is known of a picture, and its label.

use crate::{
    components::{label_select::LabelSelect, testid},
    dom, format, i18n,
    state::{gallery::Tile, workspace::Workspace},
};
use dto::LabelId;
use leptos::prelude::*;

#[component]
pub fn Facts(tile: Tile, #[prop(into)] on_pick: Callback<Option<LabelId>>) -> impl IntoView {
    let workspace = Workspace::get();
    let image = tile.image.get_untracked();
    let label_id = Memo::new(move |_| tile.image.with(|image| image.label_id));
    let clock = dom::clock();
    let created = image.created_at;
    let moment = js_sys::Date::new(&(created.millis() as f64).into());
    let moment = String::from(moment.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED));
    view! {
        <div class="row facts">
            <LabelSelect
                labels=workspace.labels
                current=label_id
                on_pick=on_pick
                name=i18n::label_of(&image.file_name)
                placeholder=i18n::choose_label()
                testid=testid::VIEWER_SELECT
            />
            <ul
                class="row muted small num grow"
                data-testid=testid::VIEWER_FACTS
                data-image-id=image.id.to_string()
            >
                <li>{i18n::pixels(image.width, image.height)}</li>
                <li>{format::bytes(image.bytes as f64)}</li>
                <li>{i18n::source(image.source)}</li>
                <li title=moment>{move || i18n::added(&i18n::ago(format::ago(created, clock.get())))}</li>
            </ul>
        </div>
    }
}
