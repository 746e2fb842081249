//! Notes when tokens were last used: at most once a minute each, and without holding the request up.

use moka::future::Cache;
use std::time::Duration;
use store::{Access, Store};
use uuid::Uuid;

const ONCE_IN: Duration = Duration::from_secs(60);
/// Tokens in use within a minute that are told apart; of more, some are noted more often.
const TOKENS: u64 = 100_000;

/// Tokens whose use was noted within the last minute. Cheap to clone.
#[derive(Clone)]
pub struct LastUse {
    noted: Cache<Uuid, ()>,
}

impl Default for LastUse {
    fn default() -> Self {
        Self { noted: Cache::builder().max_capacity(TOKENS).time_to_live(ONCE_IN).build() }
    }
}

impl LastUse {
    /// Notes that a token is in use, in the background: the database may be busy with a long write.
    pub async fn note(&self, store: &Store, token: Uuid, access: &Access) {
        if !self.noted.entry(token).or_insert(()).await.is_fresh() {
            return;
        }
        let (store, access) = (store.clone(), access.clone());
        tokio::spawn(async move {
            if let Err(error) = store.touch_token(token, &access).await {
                tracing::warn!("the last use of a token can't be noted: {error}");
            }
        });
    }
}
