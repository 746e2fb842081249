//! The project that is open: its facts, labels and models, kept fresh for the header and every page.

use super::{
    connection::Connection,
    gallery::Gallery,
    models::{self, OlderModels},
    plan::Plan,
    run::Run,
    selection::Selection,
    uploads::Uploads,
};
use crate::state::reading::Reading;
use crate::{
    api::{self, ApiError, ApiResult},
    components::toast::Toasts,
    dom,
};
use dto::{ImageId, LabelId, ModelId, Page, ProjectId, label::Label, model::Model, project::Project};
use leptos::{ev, prelude::*};
use std::{collections::HashSet, time::Duration};
use web_sys::VisibilityState;

/// Changes come in bursts (keys 1–9, batches of an upload): the counts are read once after a burst.
const REFRESH_DELAY: Duration = Duration::from_millis(150);

/// Coming back within this time changes nothing: switching windows makes several events of it.
const LOOK_AGAIN_MS: f64 = 1_000.0;

/// The open project, shared through the context. A new one is made when another project is opened.
#[derive(Clone, Copy)]
pub struct Workspace {
    pub id: ProjectId,
    project_loading: Reading<ApiResult<Project>>,
    labels_loading: Reading<ApiResult<Vec<Label>>>,
    models_loading: Reading<ApiResult<Page<Model>>>,
    active_loading: Reading<Option<ApiResult<Model>>>,
    /// The project, as last read; `None` before that.
    pub project: Memo<Option<Project>>,
    /// The labels in their order, as last read; `None` before that.
    pub labels: Memo<Option<Vec<Label>>>,
    /// The newest models, newest first, as last read; `None` before that.
    pub models: Memo<Option<Vec<Model>>>,
    /// The newest models as last read, with the cursor of what follows.
    pub models_page: Memo<Option<Page<Model>>>,
    pub older_models: OlderModels,
    pub gallery: Gallery,
    pub selection: Selection,
    pub uploads: Uploads,
    pub run: Run,
    pub plan: Plan,
    /// Images relabelled or deleted from a model's mistakes since it was trained.
    pub mended: RwSignal<HashSet<ImageId>>,
    /// Images whose label was found right although the model disagrees.
    pub kept: RwSignal<HashSet<(ModelId, ImageId)>>,
    /// Counts the changes of labels that were made here.
    pub label_changes: RwSignal<u32>,
    refresh_due: StoredValue<bool>,
}

impl Workspace {
    /// Opens a project for everything below.
    pub fn provide(id: ProjectId) -> Self {
        let project_loading = Reading::new(move || api::projects::get(id));
        let labels_loading = Reading::new(move || api::labels::list(id));
        let models_loading = Reading::new(move || api::train::list(id, None));
        let project = last_good(project_loading);
        let models_page = last_good(models_loading);
        let models = Memo::new(move |_| models_page.with(models::items));
        let older_models = OlderModels::new(id);
        let workspace = Self {
            id,
            project_loading,
            labels_loading,
            models_loading,
            active_loading: models::read_active(project, models, older_models),
            project,
            labels: last_good(labels_loading),
            models,
            models_page,
            older_models,
            plan: Plan::new(id),
            gallery: Gallery::new(id),
            selection: Selection::new(),
            uploads: Uploads::new(id),
            run: Run::new(),
            mended: RwSignal::default(),
            kept: RwSignal::default(),
            label_changes: RwSignal::new(0),
            refresh_due: StoredValue::new(false),
        };
        provide_context(workspace);
        // What they offer to undo belongs to this project.
        let toasts = Toasts::get();
        on_cleanup(move || toasts.clear());
        workspace.run.follow_newest(workspace);
        workspace.keep_fresh();
        workspace
    }

    /// Reads everything again when the server is back, and when somebody comes back to the page, who may have changed
    /// things elsewhere.
    fn keep_fresh(self) {
        let connection = Connection::get();
        Effect::new(move |was_there: Option<bool>| {
            let is_there = connection.is_there();
            if is_there && was_there == Some(false) {
                self.refresh_all();
                self.gallery.refresh();
            }
            is_there
        });
        let looked = StoredValue::new(js_sys::Date::now());
        let look = move || {
            let now = js_sys::Date::now();
            if document().visibility_state() == VisibilityState::Visible && now - looked.get_value() > LOOK_AGAIN_MS {
                looked.set_value(now);
                self.refresh_all();
                self.gallery.refresh();
            }
        };
        dom::on_window(ev::focus, move |_| look());
        dom::on_window(ev::visibilitychange, move |_| look());
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Whether another project has been opened, so that nothing here may be touched any more.
    pub fn is_closed(self) -> bool {
        self.mended.is_disposed()
    }

    /// Why the newest reading failed, if it did.
    pub fn error(self) -> Option<ApiError> {
        let is_told_elsewhere = |error: &ApiError| error.is_logged_out() || *error == ApiError::Unreachable;
        let failed = |error: Option<ApiError>| error.filter(|error| !is_told_elsewhere(error));
        failed(error_of(self.project_loading))
            .or_else(|| failed(error_of(self.labels_loading)))
            .or_else(|| failed(error_of(self.models_loading)))
    }

    /// Reads project and labels again, soon.
    pub fn refresh_counts(self) {
        if self.refresh_due.try_get_value() != Some(false) {
            return;
        }
        self.refresh_due.set_value(true);
        set_timeout(
            move || {
                // The project may have been closed in the meantime.
                if self.refresh_due.try_get_value().is_some() {
                    self.refresh_due.set_value(false);
                    self.project_loading.refetch();
                    self.labels_loading.refetch();
                    self.label_changes.update(|count| *count = count.wrapping_add(1));
                }
            },
            REFRESH_DELAY,
        );
    }

    /// Reads the project again, now.
    pub fn refresh_project(self) {
        self.project_loading.refetch();
    }

    /// Reads the models again, and with them the project, whose newest model may have changed.
    pub fn refresh_models(self) {
        if self.refresh_due.try_get_value().is_some() {
            self.models_loading.refetch();
            self.project_loading.refetch();
        }
    }

    /// Reads everything again.
    pub fn refresh_all(self) {
        self.labels_loading.refetch();
        self.refresh_models();
    }

    /// A label by its identifier.
    pub fn label(self, id: LabelId) -> Option<Label> {
        self.labels.with(|labels| labels.as_ref()?.iter().find(|label| label.id == id).cloned())
    }

    /// All models that have been read, newest first.
    pub fn known_models(self) -> Vec<Model> {
        let mut known = self.models.get().unwrap_or_default();
        // The newest page grows into what was read of the older ones.
        self.older_models.list.with(|older| {
            let last = known.last().map_or(u32::MAX, |model| model.version);
            known.extend(older.iter().filter(|model| model.version < last).cloned());
        });
        known
    }

    /// Where the models go on after those, when there are more.
    pub fn older_models_cursor(self) -> Option<String> {
        let first = self.models_page.with(|page| page.as_ref().and_then(|page| page.next_cursor.clone()));
        self.older_models.cursor(first)
    }

    /// The model that predictions come from.
    pub fn active_model(self) -> Option<Model> {
        let chosen = self.project.with(|project| project.as_ref().and_then(|project| project.active_model_id));
        let old = || self.active_loading.get().flatten()?.ok().filter(|model| Some(model.id) == chosen);
        self.models.with(|models| {
            let models = models.as_ref()?;
            let listed = models.iter().find(|model| Some(model.id) == chosen).cloned();
            listed.or_else(old).or_else(|| models::newest_ready(models).cloned())
        })
    }
}

/// The last value that could be read, so that a failed refresh hides nothing.
fn last_good<T: Clone + PartialEq + Send + Sync + 'static>(resource: Reading<ApiResult<T>>) -> Memo<Option<T>> {
    Memo::new(move |last: Option<&Option<T>>| match resource.get() {
        Some(Ok(value)) => Some(value),
        _ => last.cloned().flatten(),
    })
}

fn error_of<T: Clone + Send + Sync + 'static>(resource: Reading<ApiResult<T>>) -> Option<ApiError> {
    resource.get().and_then(Result::err)
}
