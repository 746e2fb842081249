//! What is shown stands in the page's address, so that Back and reloading lead to the same.

use crate::state::{gallery::Filter, workspace::Workspace};
use dto::ProjectId;
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// A way to look at the project's pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    #[default]
    Grid,
    Suggestions,
    Alike,
    Map,
}

impl View {
    pub const ALL: [Self; 4] = [Self::Grid, Self::Suggestions, Self::Alike, Self::Map];

    /// How an address names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Suggestions => "suggestions",
            Self::Alike => "look-alikes",
            Self::Map => "map",
        }
    }

    /// The address of this view.
    pub fn address(self, project: ProjectId) -> String {
        match self {
            Self::Grid => format!("/projects/{project}/label"),
            view => format!("/projects/{project}/label?view={}", view.name()),
        }
    }
}

/// Leads to other pictures; known to all of the Label page.
#[derive(Clone, Copy)]
pub struct Address {
    project: ProjectId,
    pub view: Memo<View>,
    wanted: Memo<(Filter, String)>,
    navigate: StoredValue<Navigate, LocalStorage>,
}

impl Address {
    /// Shows what the address says from now on.
    pub fn provide(workspace: Workspace) -> Self {
        let query = use_query_map();
        let wanted = Memo::new(move |_| {
            query.with(|query| {
                (query.get_str("show").map_or(Filter::All, Filter::named), query.get("q").unwrap_or_default())
            })
        });
        let view = Memo::new(move |_| {
            let named = |name: &str| View::ALL.into_iter().find(|view| view.name() == name);
            query.with(|query| query.get_str("view").and_then(named).unwrap_or_default())
        });
        let show = move |(filter, search): (Filter, String)| {
            workspace.gallery.show(filter, search);
            workspace.selection.clear();
        };
        // The first time before anything is drawn.
        show(wanted.get_untracked());
        Effect::new(move |shown: Option<(Filter, String)>| {
            let wanted = wanted.get();
            if shown.is_some_and(|shown| shown != wanted) {
                show(wanted.clone());
            }
            wanted
        });
        let navigate: Navigate = Box::new(use_navigate());
        let address = Self { project: workspace.id, view, wanted, navigate: StoredValue::new_local(navigate) };
        provide_context(address);
        address
    }

    pub fn get() -> Self {
        expect_context()
    }

    /// Filters; Back leads back.
    pub fn show(self, filter: Filter) {
        let search = self.wanted.with_untracked(|(_, search)| search.clone());
        self.go(filter, &search, false);
    }

    /// Looks for file names; Back does not go through every letter.
    pub fn search(self, search: &str) {
        self.go(self.wanted.with_untracked(|(filter, _)| *filter), search, true);
    }

    fn go(self, filter: Filter, search: &str, replace: bool) {
        let show = (filter != Filter::All).then(|| format!("show={}", filter.name()));
        let q = (!search.is_empty()).then(|| format!("q={}", js_sys::encode_uri_component(search)));
        let query: Vec<String> = show.into_iter().chain(q).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let path = format!("/projects/{}/label{mark}{}", self.project, query.join("&"));
        self.navigate.with_value(|go| go(&path, NavigateOptions { replace, scroll: false, ..Default::default() }));
    }
}
