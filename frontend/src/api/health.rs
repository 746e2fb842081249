//! Whether the server is well.

use super::client::{self, ApiResult};
use dto::health::Health;

pub async fn get() -> ApiResult<Health> {
    client::get("/health").await
}
