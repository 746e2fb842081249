//! Label: bring pictures in, say what they are.

mod address;
mod alike;
mod camera;
mod card;
mod edit_label;
mod grid;
mod keys;
mod keys_help;
mod label_row;
mod labels_panel;
mod learn;
mod map;
mod new_label;
mod suggestions;
mod toolbar;
mod upload_panel;
mod viewer;
mod views;
mod window;

use crate::components::show::Show;
use crate::{
    components::{
        camera::UseCamera,
        confirm::{Confirm, Question},
        drop_zone::DropZone,
        testid,
    },
    dom,
    files::Picked,
    i18n,
    state::workspace::Workspace,
};
use address::{Address, View};
use alike::Alike;
use camera::CameraIntoLabel;
use grid::Grid;
use keys_help::KeysHelp;
use labels_panel::LabelsPanel;
use leptos::prelude::*;
use map::Map;
use suggestions::{Suggestions, SuggestionsBar};
use toolbar::Toolbar;
use upload_panel::UploadPanel;
use viewer::{Viewer, Viewing};
use views::Views;
use window::Layout;

/// The question before something is deleted; any part of the page may ask.
#[derive(Clone, Copy)]
struct Asking(RwSignal<Option<Question>>);

#[component]
pub fn LabelPage() -> impl IntoView {
    let workspace = Workspace::get();
    let question = RwSignal::new(None);
    let camera_open = RwSignal::new(false);
    provide_context(Asking(question));
    dom::title(move || {
        i18n::title_in(i18n::step_label(), workspace.project.get().map(|project| project.name).as_deref())
    });
    provide_context(Viewing(RwSignal::new(None)));
    let view = Address::provide(workspace).view;
    let help = RwSignal::new(false);
    let is_empty = Memo::new(move |_| {
        workspace.project.with(|project| project.as_ref().is_some_and(|project| project.image_count == 0))
    });
    let add = move |files: Vec<Picked>| workspace.uploads.add(files, workspace);
    view! {
        <main class="label-page">
            <LabelsPanel help=help />
            <section class="pictures" aria-label=i18n::pictures_heading()>
                <Show when=move || view.get() == View::Grid || is_empty.get()>
                    <DropZone
                        title=i18n::drop_here()
                        text=i18n::drop_help()
                        on_files=add
                        large=is_empty
                        testid=testid::FILE_INPUT
                    >
                        <UseCamera open=camera_open />
                    </DropZone>
                </Show>
                <UploadPanel />
                <Show when=move || !is_empty.get()>
                    <Views />
                    {move || match view.get() {
                        View::Grid => view! { <AllPictures help=help /> }.into_any(),
                        View::Suggestions => view! { <Suggestions /> }.into_any(),
                        View::Alike => view! { <Alike /> }.into_any(),
                        View::Map => view! { <Map /> }.into_any(),
                    }}
                </Show>
            </section>
            <CameraIntoLabel open=camera_open />
            <Viewer />
            <KeysHelp open=help />
            <Confirm question=question />
        </main>
    }
}

/// The grid and what is above it.
#[component]
fn AllPictures(help: RwSignal<bool>) -> impl IntoView {
    let layout = RwSignal::new(Layout::default());
    keys::listen(Workspace::get(), layout, help);
    view! {
        <SuggestionsBar />
        <Toolbar />
        <Grid layout=layout />
    }
}
