//! Predict: ask about new pictures.

mod answer;
mod asked;
mod csv;
mod keep;
mod row;
mod sending;
mod snippet;
mod stage;
mod table;
mod truth;
mod version;

use crate::components::show::Show;
use crate::{
    components::{
        camera::{CameraDialog, UseCamera},
        drop_zone::DropZone,
        empty::Empty,
        looked::{LookDialog, Looking},
        testid,
    },
    dom,
    files::Picked,
    i18n,
    state::workspace::Workspace,
};
use answer::AnswerPanel;
use asked::Questions;
use leptos::prelude::*;
use sending::Sending;
use snippet::Snippet;
use stage::{Stage, Strip};
use table::Table;
use truth::Score;
use version::ChooseVersion;

#[component]
pub fn PredictPage() -> impl IntoView {
    let workspace = Workspace::get();
    dom::title(move || {
        i18n::title_in(i18n::step_predict(), workspace.project.get().map(|project| project.name).as_deref())
    });
    let has_model =
        Memo::new(move |_| workspace.models.with(Option::is_some).then(|| workspace.active_model().is_some()));
    move || match has_model.get() {
        None => view! {
            <main class="predict-page">
                <p class="muted" role="status">{i18n::loading()}</p>
            </main>
        }
        .into_any(),
        Some(false) => view! { <NoModel /> }.into_any(),
        Some(true) => view! { <Ask /> }.into_any(),
    }
}

#[component]
fn NoModel() -> impl IntoView {
    let workspace = Workspace::get();
    let is_training = move || workspace.run.is_active();
    view! {
        <main class="predict-page single">
            <div class="card">
                <Empty
                    title=i18n::no_model()
                    text=Signal::derive(move || {
                        if is_training() { i18n::no_model_training() } else { i18n::no_model_help() }.to_owned()
                    })
                >
                    <a href=format!("/projects/{}/label", workspace.id) class="btn">
                        {i18n::to_label()}
                    </a>
                    <a href=format!("/projects/{}/train", workspace.id) class="btn">
                        {i18n::to_train()}
                    </a>
                </Empty>
            </div>
        </main>
    }
}

#[component]
fn Ask() -> impl IntoView {
    let workspace = Workspace::get();
    let looking = Looking::provide();
    let questions = Questions::new(workspace);
    on_cleanup(move || questions.stop());
    let is_empty = Memo::new(move |_| questions.list.with(Vec::is_empty));
    let has_many = Memo::new(move |_| questions.list.with(Vec::len) > 1);
    let camera = RwSignal::new(false);
    let ask = move |files: Vec<Picked>| questions.ask(files);
    view! {
        <main class="predict-page" class:single=move || is_empty.get()>
            <div class="looked-at">
                <Show when=move || !is_empty.get()>
                    <Stage questions=questions />
                    <Strip questions=questions />
                    <Sending questions=questions />
                </Show>
                <DropZone
                    title=Signal::derive(move || {
                        if is_empty.get() { i18n::drop_to_ask() } else { i18n::ask_about_more() }.to_owned()
                    })
                    text=i18n::drop_to_ask_help()
                    on_files=ask
                    large=is_empty
                    testid=testid::PREDICT_INPUT
                >
                    <UseCamera open=camera />
                </DropZone>
            </div>
            <div class="answers">
                <ChooseVersion questions=questions />
                <Show when=move || !is_empty.get()>
                    <AnswerPanel questions=questions />
                    <Score questions=questions />
                </Show>
                <Snippet questions=questions />
            </div>
            <Show when=move || has_many.get()>
                <Table questions=questions />
            </Show>
            <LookDialog looking=looking />
            <CameraDialog
                open=camera
                on_shot=move |file: web_sys::File| questions.ask(vec![Picked::shot(file, None)])
            />
        </main>
    }
}
