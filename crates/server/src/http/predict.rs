//! `POST /models/{id}/predict` and `POST /projects/{id}/predict`.

use super::{
    caller::Asker,
    error::ApiError,
    multipart::{Part, Parts},
};
use crate::{
    app::App,
    ingest::{FILES_AT_ONCE, per_file},
    metrics,
    predict::{File, Predictor},
};
use actix_web::{
    HttpRequest, post,
    web::{Data, Json, Path, Payload},
};
use bytes::Bytes;
use dto::{ErrorCode, ModelId, Problem, ProjectId, predict::Predictions};
use futures::{TryStreamExt, stream};

/// The parts of a prediction request, for the description of the API.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only describes the multipart body")]
pub struct PredictForm {
    /// A picture; any number of them.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
    /// The name of the true label: once for all files, or once per file, in order.
    expected: Option<Vec<String>>,
}

/// Predict with a model
///
/// The pictures are looked at and forgotten.
#[utoipa::path(tag = "predict", params(("id" = ModelId, Path)),
    request_body(content = PredictForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = Predictions),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "model_not_ready")))]
#[post("/models/{id}/predict")]
pub async fn with_model(
    app: Data<App>,
    who: Asker,
    id: Path<ModelId>,
    request: HttpRequest,
    payload: Payload,
) -> Result<Json<Predictions>, ApiError> {
    let predictor = Predictor::of_model(&app, who.id(), *id).await?;
    answer(&app, predictor, Parts::new(&request, payload, &app, who.id())?).await
}

/// Predict with the project's active model
#[utoipa::path(tag = "predict", params(("id" = ProjectId, Path)),
    request_body(content = PredictForm, content_type = "multipart/form-data"), responses(
    (status = 200, body = Predictions),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "no_model")))]
#[post("/projects/{id}/predict")]
pub async fn with_project(
    app: Data<App>,
    who: Asker,
    id: Path<ProjectId>,
    request: HttpRequest,
    payload: Payload,
) -> Result<Json<Predictions>, ApiError> {
    let predictor = Predictor::of_project(&app, who.id(), *id).await?;
    answer(&app, predictor, Parts::new(&request, payload, &app, who.id())?).await
}

/// The body keeps its place until the answer is there: that is how many pictures may wait in memory.
async fn answer(app: &App, predictor: Predictor, mut parts: Parts) -> Result<Json<Predictions>, ApiError> {
    let (files, expected) = receive(app, &mut parts).await?;
    let expected = expected_per_file(expected, files.len())?;
    Ok(Json(predictor.predict(app, files, expected).await?))
}

/// Reads and decodes the files, and collects the `expected` parts.
async fn receive(app: &App, parts: &mut Parts) -> Result<(Vec<File>, Vec<String>), ApiError> {
    let mut expected = Vec::new();
    // Decoding overlaps with receiving: the crop of a file is 150 kB, so only a few whole files are ever held.
    let parts =
        stream::try_unfold(
            parts,
            |parts| async move { Ok::<_, ApiError>(parts.next().await?.map(|part| (part, parts))) },
        );
    let files: Vec<Option<File>> = parts
        .and_then(|part| {
            let file = match part {
                Part::File { name, content } => Ok(Some((name, content))),
                Part::Field { name, value } if name == "expected" => {
                    expected.push(value.trim().to_owned());
                    Ok(None)
                }
                Part::Field { name, .. } => {
                    let detail = format!("There is no part `{name}`; a prediction has `file` and `expected`.");
                    Err(ApiError::new(ErrorCode::InvalidRequest, detail))
                }
            };
            std::future::ready(file)
        })
        .map_ok(|file| decode(app, file))
        .try_buffered(FILES_AT_ONCE)
        .try_collect()
        .await?;
    let files: Vec<File> = files.into_iter().flatten().collect();
    if files.is_empty() {
        let detail = "There is no file in the request. Send pictures in parts called `file`.";
        return Err(ApiError::new(ErrorCode::InvalidRequest, detail));
    }
    Ok((files, expected))
}

async fn decode(app: &App, file: Option<(String, Result<Bytes, Problem>)>) -> Result<Option<File>, ApiError> {
    let Some((name, content)) = file else { return Ok(None) };
    let crop = match content {
        Err(problem) => Err(problem),
        Ok(bytes) => per_file(app.ingest.crop(bytes).await)?,
    };
    match &crop {
        Err(problem) => metrics::rejected(problem.code),
        Ok(_) => metrics::predicted(1),
    }
    Ok(Some((name, crop)))
}

/// `expected` once for all files, or once per file.
fn expected_per_file(expected: Vec<String>, files: usize) -> Result<Option<Vec<String>>, ApiError> {
    match expected.len() {
        0 => Ok(None),
        1 => Ok(Some(vec![expected[0].clone(); files])),
        n if n == files => Ok(Some(expected)),
        n => {
            let detail =
                format!("There are {files} files and {n} `expected` parts: send one for all, or one per file.");
            Err(ApiError::new(ErrorCode::InvalidRequest, detail))
        }
    }
}
