//! How good a model is, what it doubts, what it was made of, and how it differs from another.

use super::client::{self, ApiResult};
use dto::{
    ModelId, Page,
    evaluation::{Comparison, Evaluation, LabelError, LabelErrorQuery},
};

pub async fn get(model: ModelId) -> ApiResult<Evaluation> {
    client::get(&format!("/models/{model}/evaluation")).await
}

/// One page of the images whose label is probably wrong, the most suspicious first.
pub async fn label_errors(model: ModelId, cursor: Option<String>) -> ApiResult<Page<LabelError>> {
    let query = LabelErrorQuery { likely: Some(true), cursor, limit: None };
    client::get_page(&format!("/models/{model}/label-errors"), &query).await
}

/// What changed from one model to another.
pub async fn compare(before: ModelId, after: ModelId) -> ApiResult<Comparison> {
    client::get(&format!("/models/{before}/compare/{after}")).await
}

/// What the model was made of, in the server's own JSON.
pub async fn card(model: ModelId) -> ApiResult<String> {
    client::get_text(&format!("/models/{model}/card")).await
}
