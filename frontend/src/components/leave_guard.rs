//! Asks before a project is left whose pictures are still on their way.

use super::confirm::{Confirm, Question};
use crate::{dom, i18n, state::workspace::Workspace};
use leptos::{ev, prelude::*};
use leptos_router::hooks::{use_location, use_navigate};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlAnchorElement};

/// Shared by every page through the context.
#[derive(Clone, Copy)]
pub struct LeaveGuard {
    open_project: RwSignal<Option<Workspace>>,
    question: RwSignal<Option<Question>>,
    /// The address that the router shows.
    here: StoredValue<String>,
}

impl LeaveGuard {
    pub fn provide() -> Self {
        let guard =
            Self { open_project: RwSignal::new(None), question: RwSignal::new(None), here: StoredValue::default() };
        provide_context(guard);
        // Before the router hears of it: listeners of the window hear in the order in which they began to listen.
        dom::on_window_first("popstate", move |event| guard.on_back(event));
        // Closing the tab, too: there the browser asks, in its own words.
        dom::on_window(ev::beforeunload, move |event| {
            if guard.at_stake().is_some() {
                event.prevent_default();
            }
        });
        guard
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Guards an open project for as long as the owner lives.
    pub fn watch(self, workspace: Workspace) {
        self.open_project.set(Some(workspace));
        on_cleanup(move || self.open_project.update(|open| *open = open.take().filter(|open| open.id != workspace.id)));
    }

    /// Leaves the project by `leave`, after asking if pictures would be lost.
    pub fn leave(self, leave: impl Fn() + Send + Sync + 'static) {
        let Some((workspace, files)) = self.at_stake() else {
            leave();
            return;
        };
        self.question.set(Some(Question {
            title: i18n::leave_title().into(),
            text: i18n::leave_text(files),
            yes: i18n::leave().into(),
            on_yes: Arc::new(move || {
                workspace.uploads.give_up();
                leave();
            }),
        }));
    }

    /// The browser has gone to another address by itself: if that is out of the project, it comes back, unseen by the
    /// router, until the person has answered.
    fn on_back(self, event: &Event) {
        let Some((workspace, _)) = self.at_stake() else { return };
        if is_inside(workspace, &window().location().pathname().unwrap_or_default()) {
            return;
        }
        event.stop_immediate_propagation();
        if let Ok(history) = window().history()
            && history.push_state_with_url(&JsValue::NULL, "", Some(&self.here.get_value())).is_ok()
        {
            self.leave(move || drop(history.back()));
        }
    }

    /// The project whose pictures are on their way, and how many they are.
    fn at_stake(self) -> Option<(Workspace, usize)> {
        let workspace = self.open_project.get_untracked()?;
        Some((workspace, workspace.uploads.files_left())).filter(|(_, files)| *files > 0)
    }
}

/// The question, and the ear for links that lead out of the project.
#[component]
pub fn LeaveQuestion() -> impl IntoView {
    let guard = LeaveGuard::get();
    let navigate = StoredValue::new_local(use_navigate());
    dom::on_window_first("click", move |event| {
        let Some((workspace, _)) = guard.at_stake() else { return };
        if let Some(path) = link_of(event).filter(|path| !is_inside(workspace, path)) {
            event.prevent_default();
            guard.leave(move || navigate.with_value(|go| go(&path, Default::default())));
        }
    });
    let location = use_location();
    Effect::new(move || guard.here.set_value(location.pathname.get() + &location.search.get()));
    view! { <Confirm question=guard.question /> }
}

fn is_inside(workspace: Workspace, path: &str) -> bool {
    path.starts_with(&format!("/projects/{}/", workspace.id))
}

/// Where a click on a link of this page leads.
fn link_of(event: &Event) -> Option<String> {
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link: HtmlAnchorElement = element.closest("a[href]").ok()??.dyn_into().ok()?;
    (link.origin() == window().location().origin().ok()? && link.target().is_empty())
        .then(|| format!("{}{}", link.pathname(), link.search()))
}
