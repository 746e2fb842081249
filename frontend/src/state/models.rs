//! The project's models: the newest are kept fresh, older ones are read when somebody asks for them.

use crate::api::{self, ApiError, ApiResult};
use crate::state::reading::Reading;
use dto::{
    ModelId, Page, ProjectId,
    model::{Model, Status},
    project::Project,
};
use leptos::{prelude::*, task::spawn_local};
use std::collections::HashSet;

#[derive(Clone, Copy)]
pub struct OlderModels {
    project: ProjectId,
    /// What has been read of them, newest first.
    pub list: RwSignal<Vec<Model>>,
    /// Where they go on after `list`; the outer `None` while none have been asked for.
    next: RwSignal<Option<Option<String>>>,
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<ApiError>>,
    /// What was deleted here. The project, read a moment ago, may still name one of them as its model.
    gone: RwSignal<HashSet<ModelId>>,
}

impl OlderModels {
    pub fn new(project: ProjectId) -> Self {
        Self {
            project,
            list: RwSignal::default(),
            next: RwSignal::default(),
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            gone: RwSignal::default(),
        }
    }

    /// The cursor of what follows, when there is more; `first` is that of the newest models.
    pub fn cursor(self, first: Option<String>) -> Option<String> {
        self.next.get().unwrap_or(first)
    }

    /// Reads the next page from `cursor` on.
    pub fn read(self, cursor: String) {
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = api::train::list(self.project, Some(cursor)).await;
            if self.list.is_disposed() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => {
                    self.list.update(|list| list.extend(page.items));
                    self.next.set(Some(page.next_cursor));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Takes note of a model's new name.
    pub fn renamed(self, model: &Model) {
        self.list.update(|list| {
            if let Some(known) = list.iter_mut().find(|known| known.id == model.id) {
                known.name.clone_from(&model.name);
            }
        });
    }

    /// Takes note that a model is gone.
    pub fn deleted(self, id: ModelId) {
        self.gone.update(|gone| _ = gone.insert(id));
        self.list.update(|list| list.retain(|model| model.id != id));
    }
}

/// Reads the model that predictions come from, where it is so old that the newest ones do not have it.
pub fn read_active(
    project: Memo<Option<Project>>,
    models: Memo<Option<Vec<Model>>>,
    older: OlderModels,
) -> Reading<Option<ApiResult<Model>>> {
    let wanted = Memo::new(move |_| {
        let id = project.with(|project| project.as_ref()?.active_model_id)?;
        let is_listed =
            models.with(|models| models.as_ref().map(|models| models.iter().any(|model| model.id == id)))?;
        (!is_listed && older.gone.with(|gone| !gone.contains(&id))).then_some(id)
    });
    Reading::new(move || {
        let wanted = wanted.get();
        async move {
            match wanted {
                Some(id) => Some(api::train::get(id).await),
                None => None,
            }
        }
    })
}

/// The models of a page of them.
pub fn items(page: &Option<Page<Model>>) -> Option<Vec<Model>> {
    page.as_ref().map(|page| page.items.clone())
}

/// The newest model that can predict.
pub fn newest_ready(models: &[Model]) -> Option<&Model> {
    models.iter().find(|model| model.status == Status::Ready)
}
