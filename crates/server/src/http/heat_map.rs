//! Where a model looked: `/models/{id}/images/{image_id}/heatmap` and `/models/{id}/heatmap`.

use super::{
    caller::{Asker, Reader},
    error::ApiError,
    multipart::{Part, Parts},
};
use crate::{
    app::App,
    ingest::per_file,
    predict::{PredictError, Predictor},
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    post,
    web::{Data, Path, Payload, Query},
};
use dto::{ErrorCode, ImageId, LabelId, ModelId, Problem};
use serde::Deserialize;
use vision::Crop;

/// How a heat map is drawn.
#[derive(Clone, Copy, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Over the square of the picture that the model saw.
    #[default]
    Overlay,
    /// Alone, transparent where nothing speaks for the label, to lay over that square.
    Heat,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HeatQuery {
    /// The label to look for; the one that the model predicts unless given.
    label: Option<LabelId>,
    /// Over the picture unless given.
    #[param(inline)]
    style: Option<Style>,
}

/// The parts of a request for a heat map, for the description of the API.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only describes the multipart body")]
pub struct HeatForm {
    /// One picture.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Where the model looked on a stored image
///
/// A PNG of 224×224 pixels: the square that the model sees, which is the middle 7/8 of the shorter side.
#[utoipa::path(tag = "predict", params(("id" = ModelId, Path), ("image_id" = ImageId, Path), HeatQuery), responses(
    (status = 200, content_type = "image/png", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[get("/models/{id}/images/{image_id}/heatmap")]
pub async fn of_image(
    app: Data<App>,
    who: Reader,
    ids: Path<(ModelId, ImageId)>,
    query: Query<HeatQuery>,
) -> Result<HttpResponse, ApiError> {
    let (model, image) = ids.into_inner();
    let predictor = Predictor::of_model(&app, who.id(), model).await?;
    let file = app.store.image_file(who.id(), image).await?;
    let bytes = app.store.blobs().get(&store::original_key(file.content_hash)).await?;
    let crop = app.ingest.crop(bytes).await?;
    draw(&app, &predictor, crop, &query).await
}

/// Where the model looks on a picture that is not stored
#[utoipa::path(tag = "predict", params(("id" = ModelId, Path), HeatQuery),
    request_body(content = HeatForm, content_type = "multipart/form-data"), responses(
    (status = 200, content_type = "image/png", body = Vec<u8>),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready"),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The file is no usable picture")))]
#[post("/models/{id}/heatmap")]
pub async fn of_file(
    app: Data<App>,
    who: Asker,
    id: Path<ModelId>,
    query: Query<HeatQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    let predictor = Predictor::of_model(&app, who.id(), *id).await?;
    let mut parts = Parts::new(&request, payload, &app, who.id())?;
    let mut crop = None;
    while let Some(part) = parts.next().await? {
        match part {
            Part::File { content, .. } if crop.is_none() => {
                crop = Some(per_file(app.ingest.crop(content?).await)??);
            }
            Part::File { .. } => return Err(ApiError::new(ErrorCode::InvalidRequest, "Send one file at a time.")),
            Part::Field { name, .. } => {
                let detail = format!("There is no part `{name}`; a heat map has `file` alone.");
                return Err(ApiError::new(ErrorCode::InvalidRequest, detail));
            }
        }
    }
    let nothing = "There is no file in the request. Send a picture in a part called `file`.";
    let crop = crop.ok_or_else(|| ApiError::new(ErrorCode::InvalidRequest, nothing))?;
    draw(&app, &predictor, crop, &query).await
}

async fn draw(app: &App, predictor: &Predictor, crop: Crop, query: &HeatQuery) -> Result<HttpResponse, ApiError> {
    let heat = predictor.heat(app, crop.clone(), query.label).await?;
    let style = query.style.unwrap_or_default();
    let drawing = tokio::task::spawn_blocking(move || match style {
        Style::Overlay => heat.over(&crop),
        Style::Heat => heat.transparent(),
    });
    let png = drawing.await.map_err(|_| PredictError::Thread)?.map_err(PredictError::from)?;
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .body(png))
}
