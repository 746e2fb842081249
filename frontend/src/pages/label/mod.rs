//! Label: bring pictures in, say what they are.

mod address;
mod camera;
mod card;
mod edit_label;
mod grid;
mod keys;
mod keys_help;
mod label_row;
mod labels_panel;
mod new_label;
mod toolbar;
mod upload_panel;
mod viewer;
mod window;

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
use address::Address;
use camera::CameraIntoLabel;
use grid::Grid;
use keys_help::KeysHelp;
use labels_panel::LabelsPanel;
use leptos::prelude::*;
use toolbar::Toolbar;
use upload_panel::UploadPanel;
use viewer::{Viewer, Viewing};
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
    Address::provide(workspace);
    let layout = RwSignal::new(Layout::default());
    let help = RwSignal::new(false);
    keys::listen(workspace, layout, help);
    let is_empty = Memo::new(move |_| {
        workspace.project.with(|project| project.as_ref().is_some_and(|project| project.image_count == 0))
    });
    let add = move |files: Vec<Picked>| workspace.uploads.add(files, workspace);
    view! {
        <main class="label-page">
            <LabelsPanel help=help />
            <section class="pictures" aria-label=i18n::pictures_heading()>
                <DropZone
                    title=i18n::drop_here()
                    text=i18n::drop_help()
                    on_files=add
                    large=is_empty
                    testid=testid::FILE_INPUT
                >
                    <UseCamera open=camera_open />
                </DropZone>
                <UploadPanel />
                <Show when=move || !is_empty.get()>
                    <Toolbar />
                    <Grid layout=layout />
                </Show>
            </section>
            <CameraIntoLabel open=camera_open />
            <Viewer />
            <KeysHelp open=help />
            <Confirm question=question />
        </main>
    }
}
