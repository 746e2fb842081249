//! What an upload may still write, told while it arrives: a refusal at its end would come after its files are on the disk.

use crate::{
    Store,
    error::{Result, StoreError},
    ids::ContentHash,
    quotas::Quotas,
};
use dto::{ProjectId, UserId};
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// The room that a user had when an upload began. Others of theirs may take it meanwhile, so that adding the images is what
/// decides.
pub struct Room {
    store: Store,
    project: ProjectId,
    quotas: Quotas,
    left: Mutex<Left>,
}

struct Left {
    images: u64,
    bytes: u64,
    admitted: HashSet<ContentHash>,
}

impl Store {
    /// What a user may still add to a project.
    pub async fn room(&self, user: UserId, project: ProjectId) -> Result<Room> {
        let (quotas, (images, bytes)) = (self.quotas(), self.held(user).await?);
        let left = Left {
            images: quotas.images.saturating_sub(images),
            bytes: quotas.bytes.saturating_sub(bytes),
            admitted: HashSet::new(),
        };
        Ok(Room { store: self.clone(), project, quotas, left: Mutex::new(left) })
    }
}

impl Room {
    /// Takes the room for one file. What the project has already needs none.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] if there is not enough.
    pub async fn admit(&self, hash: ContentHash, bytes: u64) -> Result<()> {
        if self.store.has_image(self.project, hash).await? {
            return Ok(());
        }
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if left.admitted.contains(&hash) {
            return Ok(());
        }
        if left.images == 0 {
            return Err(StoreError::TooMany { what: "pictures", limit: self.quotas.images });
        }
        if left.bytes < bytes {
            return Err(StoreError::TooMany { what: "bytes", limit: self.quotas.bytes });
        }
        left.images -= 1;
        left.bytes -= bytes;
        left.admitted.insert(hash);
        Ok(())
    }
}
