//! What every answer says to browsers: what its bytes are, what a page may do, and who may keep it.

use crate::config::Settings;
use actix_cors::Cors;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderValue},
    middleware::{DefaultHeaders, Next},
};

/// Answers of the API are no pages: whatever is opened as one may do nothing.
pub const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";
/// The camera for the Label page, and nothing else of the device.
const PERMISSIONS: &str = "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=(), \
    bluetooth=(), serial=(), hid=(), midi=(), accelerometer=(), gyroscope=(), magnetometer=()";
/// A year, as preload lists ask for; for this host alone.
const HTTPS_ONLY: &str = "max-age=31536000";

/// The headers that an answer has unless it says otherwise itself.
pub fn defaults(settings: &Settings) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::CONTENT_SECURITY_POLICY, NOTHING))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "same-origin"))
        .add((header::PERMISSIONS_POLICY, PERMISSIONS))
        .add((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .add((header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"));
    // Browsers heed it only where they trust the certificate, so a self-signed one is left out: the day that somebody
    // trusts it must not close plain HTTP on the same host.
    if settings.is_https() && !settings.edge.self_signed {
        headers.add((header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY))
    } else {
        headers
    }
}

/// What a page may load: Pupil's own files, the scripts of these hashes, and pictures that the page itself made.
pub fn page_policy(script_hashes: &[String]) -> String {
    let scripts: String = script_hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'; font-src 'self'; \
         img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; \
         base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Other sites' pages may call the API where the operator lists them, by Bearer token and never by cookie.
pub fn other_sites(settings: &Settings) -> Cors {
    let listed = settings.edge.cors_origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    listed
        // Pupil's own page sends its origin too; what may be done by cookie is decided elsewhere.
        .block_on_origin_mismatch(false)
        .allowed_methods(["GET", "POST", "PATCH", "DELETE"])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER, header::CONTENT_DISPOSITION])
        .max_age(3600)
}

/// Middleware: what the API answers is one user's, so that nothing keeps it unless the answer says so.
pub async fn private_by_default<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let is_api = request.path().starts_with("/api/");
    let mut response = next.call(request).await?;
    if is_api && !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    Ok(response)
}
