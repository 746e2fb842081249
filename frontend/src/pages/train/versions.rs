//! All runs of the project, newest first.

use crate::{components::testid, dom, format, i18n, state::workspace::Workspace};
use dto::model::{Model, Status};
use leptos::prelude::*;

#[component]
pub fn Versions(shown: Memo<Model>) -> impl IntoView {
    let workspace = Workspace::get();
    let now = dom::clock();
    let shown_id = Memo::new(move |_| shown.with(|model| model.id));
    let active_id = Memo::new(move |_| workspace.active_model().map(|model| model.id));
    let row = move |model: Model| {
        let id = model.id;
        let outcome = match (model.status, model.accuracy) {
            (Status::Ready, Some(accuracy)) => format::percent(accuracy),
            (status, _) => i18n::status(status).to_owned(),
        };
        view! {
            <li data-testid=testid::VERSION_ROW data-version=model.version data-status=model.status.as_str()>
                <a
                    href=format!("/projects/{}/train?model={id}", workspace.id)
                    aria-current=move || (shown_id.get() == id).then_some("true")
                >
                    <b class="num">{i18n::version(model.version)}</b>
                    <span class="grow muted small">
                        {move || i18n::ago(format::ago(model.created_at, now.get()))}
                        {move || (active_id.get() == Some(id)).then(|| i18n::in_use())}
                    </span>
                    <span class="muted small num">{model.train_seconds.map(format::seconds)}</span>
                    <b class="num outcome">{outcome}</b>
                </a>
            </li>
        }
    };
    let rows = move || workspace.models.get().unwrap_or_default();
    view! {
        <section class="card six versions-card" aria-labelledby="versions-title">
            <h2 id="versions-title">{i18n::versions()}</h2>
            <ul class="versions scroll">
                <For each=rows key=|model| (model.id, model.status.as_str()) children=row />
            </ul>
        </section>
    }
}
