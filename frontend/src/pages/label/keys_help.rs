//! The dialog that lists the keys.

use crate::{
    components::{dialog::Dialog, testid},
    i18n,
};
use leptos::prelude::*;

#[component]
pub fn KeysHelp(open: RwSignal<bool>) -> impl IntoView {
    let rows =
        || i18n::keys().map(|(keys, meaning)| view! { <dt><kbd>{keys}</kbd></dt> <dd>{meaning}</dd> }).collect_view();
    view! {
        <Dialog open=open name=i18n::all_keys() testid=testid::KEYS_HELP>
            <h2>{i18n::all_keys()}</h2>
            <dl class="key-list">{rows()}</dl>
            <div class="row end">
                <button type="button" class="btn" autofocus on:click=move |_| open.set(false)>
                    {i18n::close()}
                </button>
            </div>
        </Dialog>
    }
}
