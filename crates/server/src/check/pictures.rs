//! Originals and thumbnails.

use super::Check;
use crate::progress::Progress;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use store::{ContentHash, ContentUse, KeptContent, Store, StoreError, original_key, thumbnail_key};
use tokio::task::spawn_blocking;
use vision::{Format, Limits, SHORT_SIDE, decode_reduced};

const PAGE: u32 = 500;
/// Pictures read and hashed at once.
const AT_ONCE: usize = 4;
/// Whatever was once let in is read.
const LIMITS: Limits = Limits { max_pixels: u64::MAX };

/// What is wrong with a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    Missing,
    Changed,
}

/// What was found of a content.
struct Found {
    content: KeptContent,
    original: Option<Fault>,
    thumbnail: Option<Fault>,
}

impl Found {
    fn is_sound(&self) -> bool {
        self.original.is_none() && self.thumbnail.is_none() && !self.content.damaged
    }
}

impl Check {
    /// Looks at every content that an image refers to; answers how many these are.
    pub(super) async fn pictures(&mut self) -> Result<u64, StoreError> {
        let mut progress = Progress::new("pictures", self.store.content_count().await?);
        let mut after = None;
        loop {
            let page = self.store.contents(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(progress.done) };
            after = Some(last.hash);
            let store = self.store.clone();
            let mut looked =
                stream::iter(page).map(move |content| look(store.clone(), content)).buffer_unordered(AT_ONCE).boxed();
            while let Some(found) = looked.try_next().await? {
                progress.step();
                self.judge(found).await?;
            }
        }
    }

    async fn judge(&mut self, found: Found) -> Result<(), StoreError> {
        if found.is_sound() {
            return Ok(());
        }
        // Somebody may have deleted it for good since its row was read.
        let Some(used) = self.store.content_use(found.content.hash).await? else { return Ok(()) };
        // Or uploaded the file again since that was read: others have been read and judged in between.
        let found = look(self.store.clone(), found.content).await?;
        if found.is_sound() {
            return Ok(());
        }
        let Found { content: KeptContent { hash, damaged }, original, thumbnail } = found;
        match (original, damaged) {
            (None, false) => {}
            (None, true) => {
                let what = format!("{}: the file is there again.", name(&used));
                if self.repair {
                    self.store.set_damaged(hash, false).await?;
                    self.to_embed.extend(&used.projects);
                }
                self.report.finding(&what, self.done("It is no longer marked as damaged."));
            }
            (Some(_), true) => self.report.known += 1,
            (Some(fault), false) => {
                let what = match fault {
                    Fault::Missing => format!("{}: the file is missing.", name(&used)),
                    Fault::Changed => format!("{}: the file is not the one that was uploaded.", name(&used)),
                };
                if self.repair {
                    self.store.set_damaged(hash, true).await?;
                    self.store.blobs().set_aside(&original_key(hash)).await?;
                }
                let about_it = "It is marked as damaged; uploading the same file again mends it.";
                self.report.finding(&what, self.done(about_it));
            }
        }
        if thumbnail.is_some() && !(damaged && original.is_some()) {
            let what = format!("{}: the thumbnail is missing or damaged.", name(&used));
            let about_it = match original {
                Some(_) => "It can't be made again without the picture.",
                None if !self.repair => self.done(""),
                None if remake_thumbnail(&self.store, hash).await? => "It has been made again.",
                None => "It could not be made again: the picture can't be read.",
            };
            self.report.finding(&what, about_it);
        }
        Ok(())
    }

    /// What repairing does, where it is asked for.
    pub(super) fn done(&self, about_it: &'static str) -> &'static str {
        if self.repair { about_it } else { "`pupil check --repair` sees to it." }
    }
}

pub(super) fn name(used: &ContentUse) -> String {
    let others = match used.projects.len() {
        0 | 1 => String::new(),
        more => format!(", and {} more with the same bytes", more - 1),
    };
    format!("Picture “{}” of {} (project “{}”{others})", used.file_name, used.username, used.project)
}

async fn look(store: Store, content: KeptContent) -> Result<Found, StoreError> {
    let original = match read(&store, &original_key(content.hash)).await? {
        None => Some(Fault::Missing),
        Some(bytes) => {
            let hash = on_thread(move || ContentHash::new(Sha256::digest(&bytes).into())).await?;
            (hash != content.hash).then_some(Fault::Changed)
        }
    };
    let thumbnail = match read(&store, &thumbnail_key(content.hash)).await? {
        None => Some(Fault::Missing),
        Some(bytes) => {
            let decoded = on_thread(move || decode_reduced(&bytes, &LIMITS, u32::MAX)).await?;
            let is_jpeg = decoded.is_ok_and(|picture| picture.format == Format::Jpeg);
            (!is_jpeg).then_some(Fault::Changed)
        }
    };
    Ok(Found { content, original, thumbnail })
}

async fn read(store: &Store, key: &str) -> Result<Option<Bytes>, StoreError> {
    match store.blobs().get(key).await {
        Ok(bytes) => Ok(Some(bytes)),
        Err(StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Answers whether that was possible.
async fn remake_thumbnail(store: &Store, hash: ContentHash) -> Result<bool, StoreError> {
    let Some(original) = read(store, &original_key(hash)).await? else { return Ok(false) };
    let made = on_thread(move || {
        let picture = decode_reduced(&original, &LIMITS, SHORT_SIDE).ok()?;
        vision::thumbnail(&picture.rgb).ok()
    });
    let Some(thumbnail) = made.await? else { return Ok(false) };
    store.blobs().put(&thumbnail_key(hash), thumbnail.into()).await?;
    Ok(true)
}

async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    spawn_blocking(work).await.map_err(|error| StoreError::Unavailable(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::report::Report;
    use dto::image::Source;
    use std::collections::BTreeSet;
    use store::{NewImage, StoreConfig};

    #[tokio::test]
    async fn a_file_that_was_mended_since_it_was_looked_at_is_not_set_aside() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let data_dir = folder.path().to_owned();
        let store =
            Store::open(StoreConfig { data_dir, database_url: None, storage: None, max_connections: 2 }).await?;
        let user = store.create_user("somebody", "hash", "First").await?.id;
        let project = store.projects(user, None, 1).await?.items[0].id;
        let mut check = Check { store, repair: true, report: Report::default(), to_embed: BTreeSet::new() };
        for (is_mended, bytes) in [(true, "mended"), (false, "damaged")] {
            let hash = ContentHash::new(Sha256::digest(bytes).into());
            let file = NewImage {
                file_name: bytes.into(),
                content_hash: hash,
                format: "jpeg".into(),
                width: 1,
                height: 1,
                bytes: 6,
            };
            let added = check.store.add_images(user, project, None, Source::Upload, &[file]).await?;
            let key = original_key(hash);
            let there: &[u8] = if is_mended { bytes.as_bytes() } else { b"something else" };
            check.store.blobs().put(&key, Bytes::copy_from_slice(there)).await?;
            let content = KeptContent { hash, damaged: false };
            let found = Found { content, original: Some(Fault::Changed), thumbnail: Some(Fault::Missing) };
            check.judge(found).await?;
            assert_eq!(check.store.blobs().exists(&key).await?, is_mended);
            assert_eq!(check.store.image(user, added[0].image.id).await?.damaged, !is_mended);
        }
        Ok(())
    }
}
