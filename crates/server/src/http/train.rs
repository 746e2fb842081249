//! `POST /projects/{id}/train` and `POST /models/{id}/cancel`.

use super::{
    body::Body,
    caller::Writer,
    error::{ApiError, weights_missing},
};
use crate::app::App;
use actix_web::{
    HttpResponse, post,
    web::{Data, Path},
};
use dto::{
    ModelId, Problem, ProjectId,
    limits::EPOCHS,
    model::{Model, Settings, TrainRequest},
};
use store::NewModel;

/// Train a model on the project's labelled images
///
/// Answers at once; the run goes on by itself, on the images and labels as they are now.
#[utoipa::path(tag = "models", params(("id" = ProjectId, Path)), request_body = TrainRequest, responses(
    (status = 202, body = Model, description = "The run is queued"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "not_enough_images, weights_missing or quota_reached"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "invalid_field")))]
#[post("/projects/{id}/train")]
pub async fn train(
    app: Data<App>,
    who: Writer,
    project: Path<ProjectId>,
    body: Body<TrainRequest>,
) -> Result<HttpResponse, ApiError> {
    app.store.check_project(who.id(), *project).await?;
    let body = body.read()?;
    let settings = settings(&body)?;
    let backbone = body.backbone.or(app.engine.default_backbone()).ok_or_else(|| weights_missing(None))?;
    let weights = app.engine.weights_sha256(backbone).ok_or_else(|| weights_missing(Some(backbone)))?;
    let new = NewModel {
        mode: body.mode,
        backbone,
        weights_sha256: weights.to_owned(),
        preprocessing: vision::PREPROCESSING.to_owned(),
        settings,
        draft: false,
    };
    let model = app.store.create_model(who.id(), *project, &new).await?;
    app.jobs.train_soon(model.id, model.mode).await;
    Ok(HttpResponse::Accepted().json(model))
}

/// Stop a run
///
/// A run that has started stops after its current epoch; the answer may still say that it is running.
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), responses(
    (status = 202, body = Model),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "not_running")))]
#[post("/models/{id}/cancel")]
pub async fn cancel(app: Data<App>, who: Writer, id: Path<ModelId>) -> Result<HttpResponse, ApiError> {
    let model = app.store.request_cancel(who.id(), *id).await?;
    app.jobs.changed(*id);
    Ok(HttpResponse::Accepted().json(model))
}

/// The request's settings, checked, with defaults filled in.
fn settings(asked: &TrainRequest) -> Result<Settings, ApiError> {
    let default = Settings::default();
    let settings = Settings {
        max_epochs: asked.max_epochs.unwrap_or(default.max_epochs),
        target_accuracy: asked.target_accuracy.unwrap_or(default.target_accuracy),
        patience: asked.patience.unwrap_or(default.patience),
        seed: asked.seed.unwrap_or(default.seed),
        mirror: asked.mirror.unwrap_or(default.mirror),
    };
    if !EPOCHS.contains(&settings.max_epochs) {
        let detail = format!("A run has {} to {} epochs.", EPOCHS.start(), EPOCHS.end());
        return Err(ApiError::field("max_epochs", detail));
    }
    if !(0.0..=1.0).contains(&settings.target_accuracy) {
        return Err(ApiError::field("target_accuracy", "The target accuracy is between 0 and 1; 0.9 means 90 %."));
    }
    if settings.patience > *EPOCHS.end() {
        return Err(ApiError::field("patience", format!("The patience is at most {} epochs.", EPOCHS.end())));
    }
    // JSON numbers are exact up to here in every client.
    if settings.seed >= 1 << 53 {
        return Err(ApiError::field("seed", "The seed is below 9007199254740992."));
    }
    Ok(settings)
}
