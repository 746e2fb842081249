//! The project that somebody used last, so that the next log-in leads back to it.

use crate::storage;
use dto::{ProjectId, UserId};

/// Takes note that `user` has opened `project`.
pub fn remember(user: UserId, project: ProjectId) {
    storage::save(&key(user), &project);
}

/// The project that `user` had open last in this browser.
pub fn recall(user: UserId) -> Option<ProjectId> {
    storage::load(&key(user))
}

/// More than one person may use the same browser.
fn key(user: UserId) -> String {
    format!("pupil.last-project.{user}")
}
