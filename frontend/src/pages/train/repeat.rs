//! What the model was made of, to make it again.

use crate::state::reading::Reading;
use crate::{
    api,
    components::{failure::Failure, fold::Fold, testid, toast::Toasts},
    dom, i18n,
};
use dto::model::Model;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;

#[component]
pub fn Repeat(shown: Memo<Model>) -> impl IntoView {
    let (id, version) = shown.with_untracked(|shown| (shown.id, shown.version));
    view! {
        <Fold title=i18n::repeat() line=i18n::repeat_line() testid=testid::REPEAT>
            {
                let card = Reading::new(move || api::evaluation::card(id));
                move || match card.get() {
                    None => view! { <p class="muted" role="status">{i18n::loading()}</p> }.into_any(),
                    Some(Err(error)) => view! { <Failure error=error retry=move |()| card.refetch() /> }.into_any(),
                    Some(Ok(card)) => view! { <Card json=indented(&card) version=version /> }.into_any(),
                }
            }
        </Fold>
    }
}

#[component]
fn Card(json: String, version: u32) -> impl IntoView {
    let toasts = Toasts::get();
    let text = StoredValue::new(json.clone());
    let copy = move |_| {
        spawn_local(async move {
            let is_copied = dom::copy(&text.get_value()).await;
            toasts.info(if is_copied { i18n::copied() } else { i18n::not_copied() });
        });
    };
    let download = move |_| dom::download(&i18n::card_file_name(version), "application/json", &text.get_value());
    view! {
        <div class="row">
            <p class="muted grow">{i18n::repeat_help()}</p>
            <button type="button" class="btn small" data-testid=testid::REPEAT_COPY on:click=copy>
                {i18n::copy()}
            </button>
            <button type="button" class="btn small" data-testid=testid::REPEAT_DOWNLOAD on:click=download>
                {i18n::download_json()}
            </button>
        </div>
        <pre tabindex="0">{json}</pre>
    }
}

/// The same JSON with lines and indents, its fields in their order.
fn indented(json: &str) -> String {
    let parsed = js_sys::JSON::parse(json);
    let text = parsed.and_then(|parsed| {
        js_sys::JSON::stringify_with_replacer_and_space(&parsed, &JsValue::NULL, &JsValue::from_f64(2.0))
    });
    text.map_or_else(|_| json.to_owned(), String::from)
}
