//! How good a model is: `/models/{id}/evaluation`, its probable label errors, its card, and what differs from another.

use super::{caller::Reader, error::ApiError, page_limit};
use crate::{app::App, classifiers::ClassifierError, evaluation, predict::PredictError};
use actix_web::{
    get,
    web::{Data, Json, Path, Query},
};
use dto::{
    ErrorCode, ModelId, Page, Problem,
    card::ModelCard,
    evaluation::{Comparison, Evaluation, LabelError, LabelErrorQuery},
};
use store::StoreError;

/// How good the model is
///
/// Every number but the training accuracy is about images that the model asked had not learned from.
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), responses(
    (status = 200, body = Evaluation),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[get("/models/{id}/evaluation")]
pub async fn show(app: Data<App>, who: Reader, id: Path<ModelId>) -> Result<Json<Evaluation>, ApiError> {
    Ok(Json(evaluation::evaluate(&app, who.id(), *id).await?))
}

/// Images whose label may be wrong, the most suspicious first
///
/// All that were tested and still have the label that the model learned, unless somebody has confirmed it.
#[utoipa::path(tag = "models", params(("id" = ModelId, Path), LabelErrorQuery), responses(
    (status = 200, body = Page<LabelError>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[get("/models/{id}/label-errors")]
pub async fn label_errors(
    app: Data<App>,
    who: Reader,
    id: Path<ModelId>,
    query: Query<LabelErrorQuery>,
) -> Result<Json<Page<LabelError>>, ApiError> {
    app.store.ready_model(who.id(), *id).await?;
    let query = LabelErrorQuery { limit: Some(page_limit(query.limit)?), ..query.into_inner() };
    Ok(Json(app.store.label_errors(who.id(), *id, &query).await?))
}

/// What changed from one model to another
///
/// Settings, images, scores, and whether the difference may be chance. Both models are yours, of one project or of two.
#[utoipa::path(tag = "models", params(("id" = ModelId, Path), ("other" = ModelId, Path)), responses(
    (status = 200, body = Comparison),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[get("/models/{id}/compare/{other}")]
pub async fn compare(app: Data<App>, who: Reader, ids: Path<(ModelId, ModelId)>) -> Result<Json<Comparison>, ApiError> {
    let (before, after) = ids.into_inner();
    Ok(Json(evaluation::compare(&app, who.id(), before, after).await?))
}

/// What the model was made of: all that is needed to make it again
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), responses(
    (status = 200, body = ModelCard),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[get("/models/{id}/card")]
pub async fn card(app: Data<App>, who: Reader, id: Path<ModelId>) -> Result<Json<ModelCard>, ApiError> {
    app.store.ready_model(who.id(), *id).await?;
    let bytes = app.store.blobs().get(&store::card_key(*id)).await.map_err(|error| match error {
        StoreError::NotFound(_) => PredictError::Classifier(ClassifierError::Missing).into(),
        error => ApiError::from(error),
    })?;
    let card = serde_json::from_slice(&bytes).map_err(|error| {
        let detail = "The model's card is damaged. Train again to replace it.";
        ApiError { source: Some(error.into()), ..ApiError::new(ErrorCode::ModelDamaged, detail) }
    })?;
    Ok(Json(card))
}
