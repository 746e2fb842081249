//! Labelling and deleting: at once on the page, put back when the server refuses, undone on demand.

use super::Gallery;
use crate::{api, components::toast::Toasts, i18n, state::workspace::Workspace};
use dto::{ImageId, LabelId};
use leptos::{prelude::*, task::spawn_local};
use std::collections::{BTreeMap, HashSet};

impl Gallery {
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

    /// Gives pictures a label, whose labels of before are known though they need not be in the grid; it can be undone.
    pub fn relabel(
        self,
        before: BTreeMap<ImageId, Option<LabelId>>,
        label: Option<LabelId>,
        workspace: Workspace,
        toasts: Toasts,
    ) {
        let ids: Vec<_> = before.keys().copied().collect();
        spawn_local(async move {
            let answer = api::images::set_label_of_many(self.project, &ids, label).await;
            if self.tiles.is_disposed() {
                return;
            }
            match answer {
                Ok(()) => {
                    self.show_labels(ids.iter().map(|id| (*id, label)));
                    let name = untrack(|| label.and_then(|id| workspace.label(id))).map(|label| label.name);
                    let undo = move || self.undo_labels(before.clone(), workspace, toasts);
                    toasts.with_undo(i18n::labelled(ids.len(), name.as_deref()), undo);
                }
                Err(error) => toasts.error(&error),
            }
            workspace.refresh_counts();
        });
    }

    /// Gives pictures back the labels that they had.
    pub fn undo_labels(self, before: BTreeMap<ImageId, Option<LabelId>>, workspace: Workspace, toasts: Toasts) {
        let mut by_label: BTreeMap<Option<LabelId>, Vec<ImageId>> = BTreeMap::new();
        let deleted = self.deleted.get_value();
        for (id, label) in before.into_iter().filter(|(id, _)| !deleted.contains(id)) {
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
                    self.deleted.update_value(|deleted| deleted.extend(&ids));
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
                    self.deleted.update_value(|deleted| deleted.retain(|id| !ids.contains(id)));
                    self.refresh();
                    workspace.refresh_counts();
                }
                Err(error) => toasts.error(&error),
            }
        });
    }

    fn labels_of(self, ids: &[ImageId]) -> BTreeMap<ImageId, Option<LabelId>> {
        let ids: HashSet<_> = ids.iter().collect();
        self.tiles.with_untracked(|tiles| {
            let wanted = tiles.iter().filter(|tile| ids.contains(&tile.id));
            wanted.map(|tile| (tile.id, tile.image.with_untracked(|image| image.label_id))).collect()
        })
    }
}
