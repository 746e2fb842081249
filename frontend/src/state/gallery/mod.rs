//! The pictures of the grid, loaded page by page.

mod change;
mod filter;

pub use filter::Filter;

use crate::{
    api::{self, ApiError},
    dom,
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
    /// Pictures that were deleted here, and not brought back.
    deleted: StoredValue<HashSet<ImageId>>,
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
            deleted: StoredValue::default(),
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

    /// Adds pictures where they belong, newest first. One that is there already is shown as it is now: it may have a label, or
    /// its lost file back.
    pub fn add(self, images: Vec<Image>) {
        let known: HashMap<ImageId, ArcRwSignal<Image>> =
            self.tiles.with_untracked(|tiles| tiles.iter().map(|tile| (tile.id, tile.image.clone())).collect());
        let mut new = Vec::new();
        for image in images {
            match known.get(&image.id) {
                Some(shown) => shown.set(image),
                None => new.push(image),
            }
        }
        self.tiles.update(|tiles| {
            let fits = |image: &Image| self.admits(&image.file_name, image.label_id);
            tiles.extend(new.into_iter().filter(fits).map(Tile::new));
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

    /// Takes a deleted label off the pictures that had it.
    pub fn forget_label(self, id: LabelId) {
        let had_it: Vec<_> = self.tiles.with_untracked(|tiles| {
            let has_it = |tile: &&Tile| tile.image.with_untracked(|image| image.label_id == Some(id));
            tiles.iter().filter(has_it).map(|tile| (tile.id, None)).collect()
        });
        self.show_labels(had_it);
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
