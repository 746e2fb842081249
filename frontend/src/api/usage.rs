//! What one has, of what one may have.

use super::client::{self, ApiResult};
use dto::usage::Usage;

pub async fn get() -> ApiResult<Usage> {
    client::get("/usage").await
}
