//! `GET /metrics`, for operators, and the counting of requests.

use super::error::ApiError;
use crate::{app::App, metrics::Request};
use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};
use dto::ErrorCode;
use sha2::{Digest, Sha256};

/// Prometheus's text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Middleware: counts and times every request, by the route that it took.
pub async fn measure<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let counted = Request::begin(name(request.method()));
    // Asked beforehand, too: of a request that took too long nothing comes back but the error.
    let expected = route(request.match_pattern());
    match next.call(request).await {
        Ok(response) => {
            counted.answered(route(response.request().match_pattern()), response.status().as_u16());
            Ok(response)
        }
        Err(error) => {
            counted.answered(expected, error.as_response_error().status_code().as_u16());
            Err(error)
        }
    }
}

/// Addresses that lead nowhere, and the files of the page, are one route: nobody can make up others.
fn route(pattern: Option<String>) -> String {
    pattern.unwrap_or_else(|| "other".to_owned())
}

/// Anybody can make up a method, too.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// Not part of the API: it is about the server, and for who runs it.
pub async fn show(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, ApiError> {
    // What comes through a proxy on this machine need not say so.
    let has_proxy = app.settings.public_url.is_some() || !app.settings.trusted_proxies.is_empty();
    answer(&request, &app, !has_proxy).await
}

/// The same at an address of its own, where no proxy leads to.
pub async fn show_apart(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, ApiError> {
    answer(&request, &app, true).await
}

/// `local` tells whether this machine may read without a token, where none is set.
async fn answer(request: &HttpRequest, app: &App, local: bool) -> Result<HttpResponse, ApiError> {
    if !may_read(request, app.settings.sight.metrics_token.as_deref(), local) {
        let detail = "Only who runs this server may read its metrics: with the token of PUPIL_METRICS_TOKEN or, where \
                      none is set, from the machine itself.";
        return Err(ApiError::new(ErrorCode::Unauthenticated, detail));
    }
    let text = app.metrics.text(&app.jobs).await;
    Ok(HttpResponse::Ok().content_type(TEXT).insert_header((header::CACHE_CONTROL, "no-store")).body(text))
}

/// With a token set, who sends it; without one, if at all, who asks from this machine, and not through a proxy on it.
fn may_read(request: &HttpRequest, token: Option<&str>, local: bool) -> bool {
    let sent = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    match token {
        // Digests are compared, so that the time it takes tells nothing of the token.
        Some(token) => sent(header::AUTHORIZATION)
            .and_then(|value| value.strip_prefix("Bearer "))
            .is_some_and(|sent| Sha256::digest(sent.trim()) == Sha256::digest(token)),
        None => {
            let is_near = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
            let forwarded = [header::FORWARDED, header::X_FORWARDED_FOR, header::X_FORWARDED_HOST, header::VIA];
            local && is_near && forwarded.into_iter().all(|name| sent(name).is_none())
        }
    }
}
