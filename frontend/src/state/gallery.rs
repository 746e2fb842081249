//! The pictures of the grid: loaded page by page, changed at once, put back when the server refuses.

use super::workspace::Workspace;
use crate::{
    api::{self, ApiError},
    components::toast::Toasts,
    dom, i18n,
};
use dto::{
    ImageId, LabelId, ProjectId,
    image::{Image, ImageQuery},
    limits,
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

/// Which pictures the grid shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    Unlabelled,
    Label(LabelId),
}

impl Filter {
    pub fn admits(self, label: Option<LabelId>) -> bool {
        match self {
            Self::All => true,
            Self::Unlabelled => label.is_none(),
            Self::Label(id) => label == Some(id),
        }
    }

    /// The filter that an address names by [`Self::name`]; everything if it names none.
    pub fn named(name: &str) -> Self {
        match name {
            "unlabelled" => Self::Unlabelled,
            name => name.parse().map_or(Self::All, Self::Label),
        }
    }

    /// How an address names it.
    pub fn name(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Unlabelled => "unlabelled".to_owned(),
            Self::Label(id) => id.to_string(),
        }
    }

    fn query(self, cursor: Option<String>) -> ImageQuery {
        let (label, unlabelled) = match self {
            Self::All => (None, None),
            Self::Unlabelled => (None, Some(true)),
            Self::Label(id) => (Some(id), None),
        };
        ImageQuery { label, unlabelled, cursor, ..Default::default() }
    }
}

/// While another reading is waited for.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// One picture; its facts change in place, so that a new label touches one card only.
#[derive(Clone)]
pub struct Tile {
    pub id: ImageId,
    pub image: ArcRwSignal<Image>,
}

impl Tile {
    fn new(image: Image) -> Self {
        Self { id: image.id, image: ArcRwSignal::new(image) }
    }
}

/// How far the list is loaded.
#[derive(Clone, Debug, PartialEq)]
pub enum Loading {
    /// There is more, from this cursor on (`None`: from the beginning).
    More(Option<String>),
    Busy,
    /// Reading from this cursor on failed.
    Failed(Option<String>, ApiError),
    Complete,
}

#[derive(Clone, Copy)]
pub struct Gallery {
    project: ProjectId,
    pub filter: RwSignal<Filter>,
    /// What file names must have in them.
    pub search: RwSignal<String>,
    pub tiles: RwSignal<Vec<Tile>>,
    pub loading: RwSignal<Loading>,
    /// Counts the lists begun, so that an answer for an older one is ignored.
    generation: StoredValue<u32>,
}

impl Gallery {
    pub fn new(project: ProjectId) -> Self {
        Self {
            project,
            filter: RwSignal::default(),
            search: RwSignal::default(),
            tiles: RwSignal::default(),
            loading: RwSignal::new(Loading::More(None)),
            generation: StoredValue::new(0),
        }
    }

    /// The first page is small, so that there is something to see; those behind it are as large as they can be.
    fn query(self, cursor: Option<String>) -> ImageQuery {
        let limit = cursor.is_some().then_some(limits::PAGE_MAX);
        let q = Some(self.search.get_untracked()).filter(|search| !search.is_empty());
        ImageQuery { limit, q, ..self.filter.get_untracked().query(cursor) }
    }

    /// Whether a picture with this name and label is one of those that are shown.
    fn admits(self, file_name: &str, label: Option<LabelId>) -> bool {
        let is_found = |search: &String| file_name.to_lowercase().contains(&search.to_lowercase());
        self.filter.get_untracked().admits(label) && self.search.with_untracked(is_found)
    }

    /// Shows other pictures, if they are others.
    pub fn show(self, filter: Filter, search: String) {
        if self.filter.get_untracked() != filter || self.search.with_untracked(|shown| *shown != search) {
            self.filter.set(filter);
            self.search.set(search);
            self.reload();
        }
    }

    /// Begins the list anew.
    pub fn reload(self) {
        self.generation.update_value(|generation| *generation += 1);
        self.tiles.set(Vec::new());
        self.loading.set(Loading::More(None));
        self.load_more();
    }

    /// Loads the next page, unless one is under way or there is none.
    pub fn load_more(self) {
        let cursor = match self.loading.get_untracked() {
            Loading::More(cursor) | Loading::Failed(cursor, _) => cursor,
            Loading::Busy | Loading::Complete => return,
        };
        self.loading.set(Loading::Busy);
        let generation = self.generation.get_value();
        let query = self.query(cursor.clone());
        spawn_local(async move {
            let answer = api::images::list(self.project, &query).await;
            if self.generation.try_get_value() != Some(generation) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.add(page.items);
                    self.loading.set(page.next_cursor.map_or(Loading::Complete, |next| Loading::More(Some(next))));
                }
                Err(error) => self.loading.set(Loading::Failed(cursor, error)),
            }
        });
    }

    /// Loads all that is left, so that everything can be selected. Tells whether that worked.
    pub async fn load_to_end(self) -> Result<(), ApiError> {
        loop {
            match self.loading.try_get_untracked() {
                None | Some(Loading::Complete) => return Ok(()),
                Some(Loading::Failed(_, error)) => return Err(error),
                Some(Loading::More(_)) => self.load_more(),
                Some(Loading::Busy) => dom::sleep(BETWEEN_LOOKS).await,
            }
        }
    }

    /// Reads again what is loaded, and changes only what has changed: selection and place stay.
    pub fn refresh(self) {
        if matches!(self.loading.get_untracked(), Loading::Failed(..)) {
            self.load_more();
            return;
        }
        let before: HashSet<ImageId> = self.order().into_iter().collect();
        let generation = self.generation.get_value();
        spawn_local(async move {
            let mut read: Vec<Image> = Vec::new();
            let mut cursor = None;
            let mut is_complete = false;
            while !is_complete && read.len() < before.len().max(1) {
                let query = self.query(cursor);
                // What is shown stays until it can be read.
                let Ok(page) = api::images::list(self.project, &query).await else { return };
                if self.generation.try_get_value() != Some(generation) {
                    return;
                }
                read.extend(page.items);
                is_complete = page.next_cursor.is_none();
                cursor = page.next_cursor;
            }
            self.merge(read, &before, is_complete);
            if !is_complete && self.loading.get_untracked() == Loading::Complete {
                self.loading.set(Loading::More(cursor));
            }
        });
    }

    /// Takes over what was `read` anew. Pictures that came since (`before` does not have them) stay, and so do those
    /// that lie beyond what was read.
    fn merge(self, read: Vec<Image>, before: &HashSet<ImageId>, is_complete: bool) {
        let found: HashSet<ImageId> = read.iter().map(|image| image.id).collect();
        let oldest = read.last().map(|image| image.id).filter(|_| !is_complete);
        let is_gone =
            |id: ImageId| before.contains(&id) && !found.contains(&id) && oldest.is_none_or(|oldest| id > oldest);
        let gone: Vec<_> = self.order().into_iter().filter(|id| is_gone(*id)).collect();
        let known: HashMap<ImageId, Tile> =
            self.tiles.with_untracked(|tiles| tiles.iter().map(|tile| (tile.id, tile.clone())).collect());
        let mut new = Vec::new();
        for image in read {
            match known.get(&image.id) {
                Some(tile) if tile.image.with_untracked(|shown| *shown == image) => {}
                Some(tile) => tile.image.set(image),
                None => new.push(image),
            }
        }
        if !gone.is_empty() {
            self.remove(&gone);
        }
        if !new.is_empty() {
            self.add(new);
        }
    }

    /// Adds pictures where they belong, newest first, without repeating any.
    pub fn add(self, images: Vec<Image>) {
        self.tiles.update(|tiles| {
            let known: HashSet<ImageId> = tiles.iter().map(|tile| tile.id).collect();
            let fits = |image: &Image| !known.contains(&image.id) && self.admits(&image.file_name, image.label_id);
            tiles.extend(images.into_iter().filter(fits).map(Tile::new));
            // Identifiers begin with the time they were made at.
            tiles.sort_by_key(|tile| std::cmp::Reverse(tile.id));
        });
    }

    /// A picture that is loaded.
    pub fn tile(self, id: ImageId) -> Option<Tile> {
        self.tiles.with_untracked(|tiles| tiles.iter().find(|tile| tile.id == id).cloned())
    }

    /// The picture so many places behind this one in the order of the grid; before it if negative.
    pub fn neighbour(self, id: ImageId, distance: isize) -> Option<ImageId> {
        self.tiles.with_untracked(|tiles| {
            let place = tiles.iter().position(|tile| tile.id == id)?;
            Some(tiles.get(place.checked_add_signed(distance)?)?.id)
        })
    }

    /// The identifiers in the order of the grid.
    pub fn order(self) -> Vec<ImageId> {
        self.tiles.with_untracked(|tiles| tiles.iter().map(|tile| tile.id).collect())
    }

    /// Gives pictures a label (`None` takes theirs away): at once on the page, then on the server.
    pub fn set_label(self, ids: Vec<ImageId>, label: Option<LabelId>, workspace: Workspace, toasts: Toasts) {
        let before = self.labels_of(&ids);
        self.show_labels(ids.iter().map(|id| (*id, label)));
        spawn_local(async move {
            let answer = match ids.as_slice() {
                [id] => api::images::set_label(*id, label).await.map(drop),
                ids => api::images::set_label_of_many(self.project, ids, label).await,
            };
            if self.tiles.is_disposed() {
                return;
            }
            match answer {
                Ok(()) => self.settle(ids, label, before, workspace, toasts),
                Err(error) => {
                    self.show_labels(before);
                    toasts.error(&error);
                }
            }
            workspace.refresh_counts();
        });
    }

    /// Takes away what no longer belongs to the list, and offers to undo what touched many pictures.
    fn settle(
        self,
        ids: Vec<ImageId>,
        label: Option<LabelId>,
        before: BTreeMap<ImageId, Option<LabelId>>,
        workspace: Workspace,
        toasts: Toasts,
    ) {
        let leaves = !self.filter.get_untracked().admits(label);
        if leaves {
            self.remove(&ids);
            workspace.selection.remove(&ids);
        }
        if leaves || ids.len() > 1 {
            let name = untrack(|| label.and_then(|id| workspace.label(id))).map(|label| label.name);
            let undo = move || self.undo_labels(before.clone(), workspace, toasts);
            toasts.with_undo(i18n::labelled(ids.len(), name.as_deref()), undo);
        }
    }

    fn undo_labels(self, before: BTreeMap<ImageId, Option<LabelId>>, workspace: Workspace, toasts: Toasts) {
        let mut by_label: BTreeMap<Option<LabelId>, Vec<ImageId>> = BTreeMap::new();
        for (id, label) in before {
            by_label.entry(label).or_default().push(id);
        }
        spawn_local(async move {
            for (label, ids) in by_label {
                if let Err(error) = api::images::set_label_of_many(self.project, &ids, label).await {
                    toasts.error(&error);
                }
            }
            if !self.tiles.is_disposed() {
                self.refresh();
                workspace.refresh_counts();
            }
        });
    }

    /// Deletes pictures, and offers to bring them back.
    pub fn delete(self, ids: Vec<ImageId>, workspace: Workspace, toasts: Toasts) {
        spawn_local(async move {
            let answer = api::images::delete(self.project, &ids).await;
            if self.tiles.is_disposed() {
                return;
            }
            match answer {
                Ok(()) => {
                    self.remove(&ids);
                    workspace.selection.remove(&ids);
                    workspace.refresh_counts();
                    let message = i18n::deleted(ids.len());
                    toasts.with_undo(message, move || self.restore(ids.clone(), workspace, toasts));
                }
                Err(error) => toasts.error(&error),
            }
        });
    }

    fn restore(self, ids: Vec<ImageId>, workspace: Workspace, toasts: Toasts) {
        spawn_local(async move {
            let answer = api::images::restore(self.project, &ids).await;
            if self.tiles.is_disposed() {
                return;
            }
            match answer {
                Ok(()) => {
                    self.refresh();
                    workspace.refresh_counts();
                }
                Err(error) => toasts.error(&error),
            }
        });
    }

    /// Takes a deleted label off the pictures that had it.
    pub fn forget_label(self, id: LabelId) {
        let had_it: Vec<_> = self.tiles.with_untracked(|tiles| {
            let has_it = |tile: &&Tile| tile.image.with_untracked(|image| image.label_id == Some(id));
            tiles.iter().filter(has_it).map(|tile| (tile.id, None)).collect()
        });
        self.show_labels(had_it);
    }

    fn labels_of(self, ids: &[ImageId]) -> BTreeMap<ImageId, Option<LabelId>> {
        let ids: HashSet<_> = ids.iter().collect();
        self.tiles.with_untracked(|tiles| {
            let wanted = tiles.iter().filter(|tile| ids.contains(&tile.id));
            wanted.map(|tile| (tile.id, tile.image.with_untracked(|image| image.label_id))).collect()
        })
    }

    /// Changes labels on the page only.
    pub fn show_labels(self, labels: impl IntoIterator<Item = (ImageId, Option<LabelId>)>) {
        let labels: BTreeMap<_, _> = labels.into_iter().collect();
        self.tiles.with_untracked(|tiles| {
            for tile in tiles {
                if let Some(label) = labels.get(&tile.id) {
                    tile.image.update(|image| image.label_id = *label);
                }
            }
        });
    }

    /// Takes pictures off the page only.
    pub fn remove(self, ids: &[ImageId]) {
        let gone: HashSet<_> = ids.iter().collect();
        self.tiles.update(|tiles| tiles.retain(|tile| !gone.contains(&tile.id)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_admit_what_the_server_would_list() {
        let (rose, tulip): (LabelId, LabelId) = (
            "01890000-0000-7000-8000-000000000001".parse().expect("a UUID"),
            "01890000-0000-7000-8000-000000000002".parse().expect("a UUID"),
        );
        assert!(Filter::All.admits(None) && Filter::All.admits(Some(rose)));
        assert!(Filter::Unlabelled.admits(None) && !Filter::Unlabelled.admits(Some(rose)));
        assert!([Filter::All, Filter::Unlabelled, Filter::Label(rose)].iter().all(|f| Filter::named(&f.name()) == *f));
        assert_eq!(Filter::named("confetti"), Filter::All);
        assert!(Filter::Label(rose).admits(Some(rose)) && !Filter::Label(rose).admits(Some(tulip)));
    }
}
