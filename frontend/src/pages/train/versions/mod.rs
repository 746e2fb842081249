//! All versions of the model, newest first: compare, choose, rename, delete.

mod row;

use crate::components::each::Each;
use crate::{
    components::{
        confirm::{Confirm, Question},
        failure::Failure,
        testid,
    },
    i18n,
    state::workspace::Workspace,
};
use dto::model::Model;
use leptos::prelude::*;
use row::Version;

#[component]
pub fn Versions(shown: Memo<Model>) -> impl IntoView {
    let workspace = Workspace::get();
    let older = workspace.older_models;
    let question = RwSignal::new(None::<Question>);
    let cursor = move || workspace.older_models_cursor();
    view! {
        <section class="card six versions-card" aria-labelledby="versions-title">
            <h2 id="versions-title">{i18n::versions()}</h2>
            <div class="scroll">
                <ul class="versions">
                    <Each
                        each=move || workspace.known_models()
                        key=|model| (model.id, model.status.as_str(), model.name.clone())
                        children=move |model| view! { <Version model=model shown=shown question=question /> }
                    />
                </ul>
                {move || older.error.get().map(|error| {
                    view! { <Failure error=error retry=move |()| cursor().into_iter().for_each(|next| older.read(next)) /> }
                })}
                {move || cursor().map(|next| view! {
                    <div class="row center">
                        <button
                            type="button"
                            class="btn small"
                            disabled=move || older.busy.get()
                            data-testid=testid::VERSIONS_MORE
                            on:click=move |_| older.read(next.clone())
                        >
                            {move || if older.busy.get() { i18n::loading() } else { i18n::read_older() }}
                        </button>
                    </div>
                })}
            </div>
            <Confirm question=question />
        </section>
    }
}
