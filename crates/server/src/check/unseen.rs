//! Pictures that Pupil once could not look at, although their files are right: the store may have been shut then.

use super::{Check, pictures::name};
use sha2::{Digest, Sha256};
use store::{ContentHash, Store, StoreError, UnseenContent, original_key};
use tokio::task::spawn_blocking;

const PAGE: u32 = 100;

impl Check {
    /// Looks at the originals of all pictures that nobody tries to embed any more.
    pub(super) async fn unseen(&mut self) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let page = self.store.unseen_contents(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.hash);
            for content in &page {
                // What is wrong with the others has been told with the pictures.
                if is_right(&self.store, content.hash).await? {
                    self.unseen_content(content).await?;
                }
            }
        }
    }

    async fn unseen_content(&mut self, UnseenContent { hash, problem }: &UnseenContent) -> Result<(), StoreError> {
        // Somebody may have deleted it for good since its row was read.
        let Some(used) = self.store.content_use(*hash).await? else { return Ok(()) };
        if self.repair {
            self.store.forget_unseen(*hash).await?;
            self.to_embed.extend(&used.projects);
        }
        let what = format!("{}: Pupil could not look at it ({problem}), and its file is right.", name(&used));
        self.report.finding(&what, self.done("It is looked at again."));
        Ok(())
    }
}

async fn is_right(store: &Store, hash: ContentHash) -> Result<bool, StoreError> {
    let bytes = match store.blobs().get(&original_key(hash)).await {
        Ok(bytes) => bytes,
        Err(StoreError::NotFound(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let found = spawn_blocking(move || ContentHash::new(Sha256::digest(&bytes).into())).await;
    Ok(found.map_err(|error| StoreError::Unavailable(error.into()))? == hash)
}
