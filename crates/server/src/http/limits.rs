//! What any one request may take: a place among those worked on, bytes, and time.

use super::{
    at_once::Gates,
    error::ApiError,
    identity,
    pace::{LastMove, Paced, is_stalled, stalled},
    server::JSON_BYTES,
};
use crate::app::App;
use actix_web::{
    Error, HttpMessage,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::{Method, header},
    middleware::Next,
    web::Data,
};
use dto::ErrorCode;
use futures::{StreamExt, stream};
use std::{pin::pin, time::Duration};
use tokio::time::sleep_until;

/// From somebody whose request bears no token that Pupil signed: a user name and a password.
const STRANGERS_BYTES: usize = 16 << 10;
/// The routes that files are sent to, by how they end: a page's and a script's body of pictures.
const FILES_TO: [&str; 3] = ["/images", "/predict", "/heatmap"];
/// Asked by what watches over the server, which would end a busy one if it did not answer.
const ALWAYS_ANSWERED: [&str; 3] = ["/api/health", "/api/health/live", "/metrics"];

/// Middleware: a request gets a place only when all of it is here, so that slow clients hold none. Files are too large
/// for that: their bodies are read by the handler, which knows whose they are.
pub async fn limits(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = request.app_data::<Data<App>>().expect("every server is built with its app").clone();
    let gates = request.app_data::<Data<Gates>>().expect("every server is built with its gates").clone();
    let moved = LastMove::now();
    let body = Paced::new(request.take_payload(), moved.clone());
    let _place = if brings_files(&request) {
        request.set_payload(Payload::Stream { payload: body.boxed_local() });
        None
    } else {
        match read(&app, &request, body).await {
            Ok(payload) => request.set_payload(payload),
            Err(error) => return Ok(request.error_response(error)),
        }
        let user = identity::named(request.request(), &app).ok().map(|named| named.user);
        match gates.request(user) {
            Ok(place) => Some(place),
            Err(_) if ALWAYS_ANSWERED.contains(&request.path()) => None,
            Err(error) => return Ok(request.error_response(error)),
        }
    };

    let limit = Duration::from_secs(app.settings.edge.request_seconds);
    let mut answer = pin!(next.call(request));
    loop {
        let deadline = moved.get() + limit;
        tokio::select! {
            answer = &mut answer => return answer.map(ServiceResponse::map_into_boxed_body),
            () = sleep_until(deadline) => {}
        }
        if moved.get() + limit <= deadline {
            return Err(took_too_long(limit).into());
        }
    }
}

/// The whole body; one that is too long is an error only to whoever reads it.
async fn read(app: &App, request: &ServiceRequest, body: Paced) -> Result<Payload, ApiError> {
    let limit = if identity::named(request.request(), app).is_ok() { JSON_BYTES } else { STRANGERS_BYTES };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let read = if announced.is_some_and(|bytes: usize| bytes > limit) {
        Err(PayloadError::Overflow)
    } else {
        body.whole(limit).await
    };
    match read {
        Ok(whole) if whole.is_empty() => Ok(Payload::None),
        Ok(whole) if is_json(request) && whole.trim_ascii_start().first() != Some(&b'{') => Ok(no_object()),
        Ok(whole) => Ok(whole.into()),
        Err(error) if is_stalled(&error) => Err(stalled()),
        Err(error) => Ok(failing(error)),
    }
}

/// A body of the API's is an object; serde would take the fields from a list, too, in their order.
fn no_object() -> Payload {
    failing(PayloadError::EncodingCorrupted)
}

/// A body that is an error to whoever reads it.
fn failing(error: PayloadError) -> Payload {
    Payload::Stream { payload: stream::iter([Err(error)]).boxed_local() }
}

/// Whether the handler reads the body, and lets it in by a gate of its own.
fn brings_files(request: &ServiceRequest) -> bool {
    let takes_files = request.method() == Method::POST && FILES_TO.iter().any(|end| request.path().ends_with(end));
    takes_files && has_type(request, "multipart/")
}

fn is_json(request: &ServiceRequest) -> bool {
    has_type(request, "application/json")
}

fn has_type(request: &ServiceRequest, start: &str) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes()).unwrap_or_default();
    content_type.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
}

fn took_too_long(limit: Duration) -> ApiError {
    let detail = format!("Pupil did not finish this within {} s. Ask for less at a time.", limit.as_secs());
    ApiError::new(ErrorCode::Unavailable, detail)
}
