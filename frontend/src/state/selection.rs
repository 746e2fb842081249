//! The pictures that are selected in the grid.

use dto::ImageId;
use leptos::prelude::*;
use std::collections::HashSet;

#[derive(Clone, Copy)]
pub struct Selection {
    pub ids: RwSignal<HashSet<ImageId>>,
    /// Where a range begins: the picture that was clicked last.
    anchor: StoredValue<Option<ImageId>>,
}

impl Selection {
    pub fn new() -> Self {
        Self { ids: RwSignal::default(), anchor: StoredValue::new(None) }
    }

    pub fn contains(self, id: ImageId) -> bool {
        self.ids.with(|ids| ids.contains(&id))
    }

    pub fn is_empty(self) -> bool {
        self.ids.with(HashSet::is_empty)
    }

    pub fn clear(self) {
        if !self.ids.with_untracked(HashSet::is_empty) {
            self.ids.update(HashSet::clear);
        }
        self.anchor.set_value(None);
    }

    /// Selects or deselects one picture.
    pub fn toggle(self, id: ImageId) {
        self.ids.update(|ids| {
            if !ids.remove(&id) {
                ids.insert(id);
            }
        });
        self.anchor.set_value(Some(id));
    }

    /// Selects everything from the picture clicked before to this one, in the order of the grid.
    pub fn extend_to(self, id: ImageId, order: &[ImageId]) {
        let place = |id| order.iter().position(|other| *other == id);
        match (self.anchor.get_value().and_then(place), place(id)) {
            (Some(from), Some(to)) => {
                let range = from.min(to)..=from.max(to);
                self.ids.update(|ids| ids.extend(&order[range]));
                self.anchor.set_value(Some(id));
            }
            _ => self.toggle(id),
        }
    }

    pub fn select_all(self, order: &[ImageId]) {
        self.ids.update(|ids| ids.extend(order));
    }

    /// Forgets pictures that are gone.
    pub fn remove(self, gone: &[ImageId]) {
        let gone: HashSet<_> = gone.iter().collect();
        self.ids.update(|ids| ids.retain(|id| !gone.contains(id)));
    }

    /// The selected pictures in the order of the grid.
    pub fn in_order(self, order: &[ImageId]) -> Vec<ImageId> {
        self.ids.with_untracked(|ids| order.iter().copied().filter(|id| ids.contains(id)).collect())
    }
}
