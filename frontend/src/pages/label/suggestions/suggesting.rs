//! The suggestions that are on show, and what is done with them.

use crate::{
    api::{self, ApiError},
    components::{more::Paged, testid, toast::Toasts},
    dom, i18n,
    state::workspace::Workspace,
};
use dto::{
    ErrorCode, ImageId, LabelId, ModelId, Page,
    model::{Mode, Status},
    suggestion::{AcceptSuggestions, Suggestion, SuggestionOrder, SuggestionQuery},
};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;
use wasm_bindgen::JsCast;

/// What is known of all suggestions.
#[derive(Clone)]
pub struct Head {
    pub model: ModelId,
    pub total: u64,
    pub pending: u64,
}

#[derive(Clone, Copy)]
pub struct Suggesting {
    pub workspace: Workspace,
    pub list: Paged<Suggestion>,
    pub head: RwSignal<Option<Head>>,
    pub order: RwSignal<SuggestionOrder>,
    toasts: Toasts,
}

/// The model that suggestions come from: the draft, else the newest instant one that is ready.
pub fn model(workspace: Workspace) -> Memo<Option<ModelId>> {
    Memo::new(move |_| {
        let draft = workspace.project.with(|project| project.as_ref().map(|project| project.draft_model_id))?;
        let newest = workspace.models.with(|models| {
            let fits = |status, mode| (status, mode) == (Status::Ready, Mode::Instant);
            models.as_ref()?.iter().find(|model| fits(model.status, model.mode)).map(|model| model.id)
        });
        draft.or(newest)
    })
}

impl Suggesting {
    pub fn new(workspace: Workspace) -> Self {
        let head = RwSignal::new(None);
        let order = RwSignal::new(SuggestionOrder::default());
        let list = Paged::new(move |cursor| async move {
            let order = order.try_get_untracked();
            let answer =
                api::suggestions::list(workspace.id, &SuggestionQuery { order, cursor, ..Default::default() }).await?;
            head.try_set(Some(Head { model: answer.model_id, total: answer.total, pending: answer.pending }));
            Ok(Page { items: answer.items, next_cursor: answer.next_cursor })
        });
        let is_pending = move || head.with(|head: &Option<Head>| head.as_ref().is_some_and(|head| head.pending > 0));
        dom::look_again_while(is_pending, move || list.reload());
        let model = model(workspace);
        Effect::new(move |before: Option<Option<ModelId>>| {
            let now = model.get();
            if before.is_some_and(|before| before != now) {
                list.reload();
            }
            now
        });
        Self { workspace, list, head, order, toasts: Toasts::get() }
    }

    pub fn sort(self, order: SuggestionOrder) {
        self.order.set(order);
        self.list.reload();
    }

    /// Writes the suggested label of one picture.
    pub fn accept(self, image: ImageId) {
        self.write(Some(vec![image]), None);
    }

    /// Writes all suggestions of at least this probability.
    pub fn accept_all(self, at_least: f64) {
        self.write(None, Some(at_least));
    }

    fn write(self, image_ids: Option<Vec<ImageId>>, at_least: Option<f64>) {
        let Some(model_id) = self.head.with_untracked(|head| head.as_ref().map(|head| head.model)) else { return };
        let which = AcceptSuggestions { model_id, image_ids, at_least, label_id: None };
        spawn_local(async move {
            let answer = api::suggestions::accept(self.workspace.id, &which).await;
            if self.workspace.is_closed() {
                return;
            }
            match answer {
                Ok(accepted) => {
                    for label in &accepted.labels {
                        self.workspace
                            .gallery
                            .show_labels(label.image_ids.iter().map(|id| (*id, Some(label.label_id))));
                    }
                    let ids = accepted.labels.into_iter().flat_map(|label| label.image_ids).collect();
                    self.done(ids, i18n::accepted(accepted.changed));
                }
                Err(error) => self.refused(&error),
            }
        });
    }

    /// Gives one picture another label than the suggested one.
    pub fn label(self, image: ImageId, label: LabelId) {
        let name = self.workspace.label(label).map(|label| label.name);
        spawn_local(async move {
            let answer = api::images::set_label(image, Some(label)).await;
            if self.workspace.is_closed() {
                return;
            }
            match answer {
                Ok(_) => {
                    self.workspace.gallery.show_labels([(image, Some(label))]);
                    self.done(vec![image], i18n::labelled(1, name.as_deref()));
                }
                Err(error) => self.refused(&error),
            }
        });
    }

    fn refused(self, error: &ApiError) {
        if error.code() == Some(ErrorCode::SuggestionsChanged) {
            self.toasts.info(i18n::suggestions_changed());
            self.list.reload();
            self.workspace.refresh_models();
        } else {
            self.toasts.error(error);
        }
    }

    /// Takes pictures that have a label now off the list, and offers to take their labels away again.
    fn done(self, ids: Vec<ImageId>, message: String) {
        if !self.head.is_disposed() {
            self.focus_after(&ids);
            self.head.update(|head| {
                if let Some(head) = head {
                    head.total = head.total.saturating_sub(ids.len() as u64);
                }
            });
            self.list.items.update(|items| items.retain(|item| !ids.contains(&item.image_id)));
            if self.list.items.with_untracked(Vec::is_empty) {
                self.list.reload();
            }
        }
        self.workspace.refresh_counts();
        self.toasts.with_undo(message, move || self.undo(ids.clone()));
    }

    fn undo(self, ids: Vec<ImageId>) {
        spawn_local(async move {
            let answer = api::images::set_label_of_many(self.workspace.id, &ids, None).await;
            if self.workspace.is_closed() {
                return;
            }
            match answer {
                Ok(()) => self.workspace.gallery.show_labels(ids.into_iter().map(|id| (id, None))),
                Err(error) => self.toasts.error(&error),
            }
            self.list.reload();
            self.workspace.refresh_counts();
        });
    }

    /// Moves the focus from the one picture that goes to the next, so that Enter after Enter goes through the list.
    fn focus_after(self, gone: &[ImageId]) {
        let [gone] = gone else { return };
        let is_focused = document()
            .query_selector(&format!("[data-image-id=\"{gone}\"] :focus"))
            .is_ok_and(|focused| focused.is_some());
        let next = self.list.items.with_untracked(|items| {
            let place = items.iter().position(|item| item.image_id == *gone)?;
            items.get(place + 1).map(|item| item.image_id)
        });
        if let (true, Some(next)) = (is_focused, next) {
            let button = format!("[data-image-id=\"{next}\"] [data-testid={}]", testid::SUGGESTION_ACCEPT);
            // Once the other is gone.
            let focus = move || {
                let button = document().query_selector(&button).ok().flatten();
                if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                    let _ = button.focus();
                }
            };
            set_timeout(focus, Duration::ZERO);
        }
    }
}
