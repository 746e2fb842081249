//! From uploaded bytes to a picture that is kept: decode, hash, thumbnail, blobs. Rows come later, all at once.

use crate::{config::Settings, metadata, recent_crops::RecentCrops};
use bytes::Bytes;
use dto::{ErrorCode, Problem};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{ContentHash, NewImage, Room, Store, StoreError};
use tokio::{sync::Semaphore, task::spawn_blocking};
use vision::{Crop, DecodeError, Decoded, Limits, SHORT_SIDE, ThumbnailError, decode_reduced, probe};

/// One decode permit, in bytes of memory: fine enough that small pictures don't wait for each other.
const BYTES_PER_PERMIT: u64 = 1 << 18;

/// Crops that wait for the embedder, so that it need not decode the files again: 150 kB each.
const RECENT_CROPS: usize = 128;

/// Why a file did not become a picture.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file's fault: this file is refused, the others are taken.
    #[error(transparent)]
    Picture(#[from] DecodeError),
    /// Pupil's own fault: the whole request fails.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the thumbnail could not be made: {0}")]
    Thumbnail(#[from] ThumbnailError),
    #[error("the decoding thread ended early")]
    Thread,
}

/// Splits what became of one file of many: `Err` inside is the file's own fault and goes into its place in the answer,
/// `Err` outside is Pupil's and ends the request.
pub fn per_file<T>(result: Result<T, IngestError>) -> Result<Result<T, Problem>, IngestError> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(IngestError::Picture(error)) => Ok(Err(picture_problem(&error))),
        Err(error) => Err(error),
    }
}

/// Files of one request that are decoded while the next is received: enough to keep two cores busy.
pub const FILES_AT_ONCE: usize = 3;
/// A file of this size is done before the next is received, so that a request never holds several of them.
pub const LARGE_FILE_BYTES: usize = 4 << 20;

/// A picture whose bytes are stored.
pub struct Kept {
    pub image: NewImage,
    /// Metadata was to be taken out, and could not be.
    pub metadata_kept: bool,
}

/// Decodes pictures within one budget of memory for the whole process, however many requests there are. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    store: Store,
    limits: Limits,
    strips_metadata: bool,
    permits: Arc<Semaphore>,
    budget: u32,
    recent: Arc<RecentCrops>,
}

impl Ingest {
    pub fn new(settings: &Settings, store: Store) -> Self {
        let limits = Limits { max_pixels: settings.max_pixels };
        // The largest allowed picture must fit, and then has the budget to itself.
        let budget = permits_for(limits.memory());
        // Without a worker in this process nobody takes them.
        let recent = Arc::new(RecentCrops::new(if settings.workers == 0 { 0 } else { RECENT_CROPS }));
        let strips_metadata = settings.strip_metadata;
        Self { store, limits, strips_metadata, permits: Arc::new(Semaphore::new(budget as usize)), budget, recent }
    }

    /// Checks a file and stores its bytes and thumbnail, if there is room. The picture has no row yet: if none follows, the
    /// blobs are unreferenced and harmless.
    pub async fn keep(&self, file_name: String, bytes: Bytes, room: &Room) -> Result<Kept, IngestError> {
        let (bytes, metadata_kept) = self.without_metadata(bytes)?;
        let (hash, Decoded { format, width, height, .. }, thumbnail, crop) = self
            .with_room(bytes.clone(), |bytes, limits| {
                let decoded = decode_reduced(bytes, limits, SHORT_SIDE)?;
                let (thumbnail, crop) = (vision::thumbnail(&decoded.rgb)?, vision::preprocess(&decoded.rgb));
                let decoded = Decoded { rgb: Default::default(), ..decoded };
                Ok((ContentHash::new(Sha256::digest(bytes).into()), decoded, thumbnail, crop))
            })
            .await?;
        let size = bytes.len() as u64;
        room.admit(hash, size).await?;
        let blobs = self.store.blobs();
        blobs.put(&store::thumbnail_key(hash), thumbnail.into()).await?;
        blobs.put(&store::original_key(hash), bytes).await?;
        self.recent.put(hash, crop);
        let image =
            NewImage { file_name, content_hash: hash, format: format.as_str().into(), width, height, bytes: size };
        Ok(Kept { image, metadata_kept })
    }

    /// The file as it is to be kept, and whether it says more than it should.
    fn without_metadata(&self, bytes: Bytes) -> Result<(Bytes, bool), IngestError> {
        if !self.strips_metadata {
            return Ok((bytes, false));
        }
        let header = probe(&bytes, &self.limits)?;
        let stripped = metadata::strip(&bytes, &header, &self.limits);
        let kept = stripped.is_none();
        Ok((stripped.unwrap_or(bytes), kept))
    }

    /// What the backbone looks at of a file that need not be kept.
    pub async fn crop(&self, bytes: Bytes) -> Result<Crop, IngestError> {
        let look =
            |bytes: &[u8], limits: &Limits| Ok(vision::preprocess(&decode_reduced(bytes, limits, SHORT_SIDE)?.rgb));
        self.with_room(bytes, look).await
    }

    /// What the backbone looks at of a file that came in a moment ago, if it has not been taken yet.
    pub fn recent_crop(&self, hash: ContentHash) -> Option<Crop> {
        self.recent.take(hash)
    }

    /// Runs `work` on the blocking pool once there is room for the picture, which its header tells.
    async fn with_room<T: Send + 'static>(
        &self,
        bytes: Bytes,
        work: impl FnOnce(&[u8], &Limits) -> Result<T, IngestError> + Send + 'static,
    ) -> Result<T, IngestError> {
        let memory = probe(&bytes, &self.limits)?.memory;
        let wanted = permits_for(memory).min(self.budget);
        let permit = self.permits.clone().acquire_many_owned(wanted).await.map_err(|_| IngestError::Thread)?;
        let limits = self.limits;
        spawn_blocking(move || {
            let _permit = permit;
            work(&bytes, &limits)
        })
        .await
        .map_err(|_| IngestError::Thread)?
    }
}

fn permits_for(memory: u64) -> u32 {
    u32::try_from(memory.div_ceil(BYTES_PER_PERMIT)).unwrap_or(u32::MAX).max(1)
}

/// The problem of a file that is no usable picture.
pub fn picture_problem(error: &DecodeError) -> Problem {
    let problem = Problem::new(error.code(), error.to_string());
    match error {
        DecodeError::TooManyPixels { limit, .. } | DecodeError::TooMuchMemory { limit, .. } => {
            problem.with("limit", *limit)
        }
        _ => problem,
    }
}

/// The problem of a file that is larger than allowed.
pub fn size_problem(limit: u64) -> Problem {
    let detail = format!("The file is larger than {} MiB. Save it smaller, or with more compression.", limit >> 20);
    Problem::new(ErrorCode::TooLarge, detail).with("limit", limit)
}
