//! Crops of pictures that came in a moment ago, until the embedder takes them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use store::ContentHash;
use vision::Crop;

/// Nobody takes a crop whose picture is no new one, or whose upload broke off.
const AGE: Duration = Duration::from_secs(300);

/// At most so many crops; one that does not fit is decoded again when its turn comes.
pub struct RecentCrops {
    room: usize,
    crops: Mutex<HashMap<ContentHash, (Crop, Instant)>>,
}

impl RecentCrops {
    pub fn new(room: usize) -> Self {
        Self { room, crops: Mutex::default() }
    }

    /// Keeps a crop if there is room.
    pub fn put(&self, hash: ContentHash, crop: Crop) {
        let mut crops = self.crops.lock().unwrap_or_else(PoisonError::into_inner);
        if crops.len() >= self.room {
            crops.retain(|_, (_, since)| since.elapsed() < AGE);
        }
        if crops.len() < self.room {
            crops.insert(hash, (crop, Instant::now()));
        }
    }

    /// Hands a crop out, once.
    pub fn take(&self, hash: ContentHash) -> Option<Crop> {
        let mut crops = self.crops.lock().unwrap_or_else(PoisonError::into_inner);
        crops.remove(&hash).map(|(crop, _)| crop)
    }
}
