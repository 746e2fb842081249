//! Gives every error answer the request's identifier, and logs the error under it.

use super::error::ApiError;
use crate::metrics;
use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use dto::{ErrorCode, Problem};
use tracing_actix_web::RequestId;

/// Middleware: turns whatever error a handler, an extractor or actix-web itself ended with into problem+json.
pub async fn problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let response = next.call(request).await.map_err(|error| with_id(error, id.as_ref()))?;
    let Some(error) = response.response().error() else { return Ok(response.map_into_boxed_body()) };
    let answer = match error.as_error::<ApiError>() {
        Some(error) => {
            log(error, id.as_ref());
            error.respond(id)
        }
        None => {
            let error = from_status(response.status(), &error.to_string());
            metrics::error(error.problem.code);
            error.respond(id)
        }
    };
    Ok(response.into_response(answer))
}

/// An error that came instead of an answer: a request that took too long was let go of, with all that was known of it.
fn with_id(error: Error, id: Option<&String>) -> Error {
    let Some(error) = error.as_error::<ApiError>() else { return error };
    log(error, id);
    ApiError::from(Problem { request_id: id.cloned(), ..(*error.problem).clone() }).into()
}

fn log(error: &ApiError, id: Option<&String>) {
    metrics::error(error.problem.code);
    match (error.problem.code, error.problem.status) {
        // Being refused is the remedy, not the fault.
        (ErrorCode::Busy, _) => tracing::warn!(request_id = id, "{}", error.problem.code.as_str()),
        (_, 500..) => tracing::error!(request_id = id, "{error}"),
        (code, status) => tracing::info!(request_id = id, status, "{}", code.as_str()),
    }
}

/// What actix-web refused by itself.
fn from_status(status: StatusCode, detail: &str) -> ApiError {
    let code = match status {
        StatusCode::NOT_FOUND => ErrorCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ErrorCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
        status if status.is_client_error() => ErrorCode::InvalidRequest,
        _ => ErrorCode::Internal,
    };
    match code {
        ErrorCode::Internal => {
            tracing::error!("{detail}");
            ApiError::new(code, "This is Pupil's fault, not yours. Try again.")
        }
        code => ApiError::new(code, detail),
    }
}
