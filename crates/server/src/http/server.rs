//! The routes, and the server that listens for them.

use super::{
    account, at_once::Gates, auth, error::ApiError, evaluation, events, headers, health, heat_map, images, images_bulk,
    labels, likeness, limits, log_span::LogSpan, metrics, models, openapi, predict, projects, request_id, sessions,
    suggestions, tokens, train, upload, usage, web_page,
};
use crate::{app::App, open_files, tls};
use actix_web::{
    App as ActixApp, HttpRequest, HttpResponse, HttpServer,
    dev::Server,
    error::{JsonPayloadError, PathError, PayloadError, QueryPayloadError},
    guard,
    middleware::{Condition, from_fn},
    web::{self, Data, JsonConfig, PathConfig, QueryConfig},
};
use anyhow::Context;
use dto::{ErrorCode, Problem};
use std::{collections::HashMap, net::TcpListener, sync::Arc, time::Duration};
use tracing_actix_web::TracingLogger;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};
use web_page::WebPage;

/// A bulk change of 10,000 images is 400 kB of JSON.
pub const JSON_BYTES: usize = 1 << 20;
/// Requests under way may finish for this long after the signal to stop.
const STOP_SECONDS: u64 = 10;
/// Slow clients may take their time over a large upload, but not over the headers, nor over the handshake.
const HEADERS_TIME: Duration = Duration::from_secs(10);
/// A client that takes nothing of its answer for so long is let go, as it holds the answer's memory.
#[cfg(target_os = "linux")]
const UNREAD_MILLIS: u32 = 60_000;

/// The whole REST API, under `/api`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        scope::scope("/api")
            .service(auth::signup)
            .service(auth::login)
            .service(auth::logout)
            .service(account::me)
            .service(account::change_password)
            .service(account::delete)
            .service(sessions::list)
            .service(sessions::end)
            .service(tokens::list)
            .service(tokens::create)
            .service(tokens::revoke)
            .service(usage::show)
            .service(projects::list)
            .service(projects::create)
            .service(projects::show)
            .service(projects::change)
            .service(projects::remove)
            .service(labels::list)
            .service(labels::create)
            .service(labels::change)
            .service(labels::remove)
            .service(upload::upload)
            .service(images::list)
            .service(images_bulk::label)
            .service(images_bulk::delete)
            .service(images_bulk::restore)
            .service(images_bulk::confirm)
            .service(images::show)
            .service(images::change)
            .service(images::remove)
            .service(images::original)
            .service(images::thumbnail)
            .service(train::train)
            .service(train::cancel)
            .service(models::list)
            .service(models::show)
            .service(models::change)
            .service(models::remove)
            .service(models::results)
            .service(evaluation::show)
            .service(evaluation::label_errors)
            .service(evaluation::compare)
            .service(evaluation::card)
            .service(heat_map::of_image)
            .service(heat_map::of_file)
            .service(suggestions::list)
            .service(suggestions::accept)
            .service(likeness::duplicates)
            .service(likeness::map)
            .service(events::events)
            .service(predict::with_model)
            .service(predict::with_project)
            .service(health::health)
            .service(health::live)
            .default_service(web::to(no_route)),
    );
}

/// The server on an open listener. It ends on Ctrl-C or SIGTERM, once the requests under way are done.
pub fn server(app: App, listener: TcpListener) -> anyhow::Result<Server> {
    let page = Data::from(Arc::new(WebPage::load(app.settings.web_folder().as_deref())?));
    let description = Data::new(Description::new()?);
    let gates = Data::new(Gates::new(&app.settings));
    let encryption = tls::load(&app.settings)?;
    let connections = open_files::connections_per_thread();
    // Every connection inherits it.
    #[cfg(target_os = "linux")]
    rustix::net::sockopt::set_tcp_user_timeout(&listener, UNREAD_MILLIS)?;
    let app = Data::new(app);
    let server = HttpServer::new(move || {
        ActixApp::new()
            .wrap(from_fn(limits::limits))
            .wrap(from_fn(request_id::problems))
            .wrap(from_fn(metrics::measure))
            .wrap(Condition::new(!app.settings.edge.cors_origins.is_empty(), headers::other_sites(&app.settings)))
            .wrap(TracingLogger::<LogSpan>::new())
            .wrap(from_fn(headers::private_by_default))
            .wrap(headers::defaults(&app.settings))
            .app_data(app.clone())
            .app_data(gates.clone())
            .app_data(page.clone())
            .app_data(description.clone())
            .app_data(JsonConfig::default().limit(JSON_BYTES).error_handler(|error, _| json_error(error).into()))
            .app_data(PathConfig::default().error_handler(|error, _| path_error(error).into()))
            .app_data(QueryConfig::default().error_handler(|error, _| query_error(error).into()))
            .into_utoipa_app()
            .configure(routes)
            .into_app()
            .route("/metrics", web::get().to(metrics::show))
            .route("/openapi.yaml", web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(describe))
            .default_service(web::to(web_page::serve))
    })
    .max_connections(connections)
    .shutdown_timeout(STOP_SECONDS)
    .client_request_timeout(HEADERS_TIME);
    let server = match encryption {
        Some(config) => server.tls_handshake_timeout(HEADERS_TIME).listen_rustls_0_23(listener, config)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// The description of the API, made once.
struct Description {
    yaml: bytes::Bytes,
    /// The methods that each path takes.
    methods: HashMap<String, String>,
}

impl Description {
    fn new() -> anyhow::Result<Self> {
        let yaml = openapi::yaml().context("the OpenAPI description can't be written")?.into();
        Ok(Self { yaml, methods: openapi::methods() })
    }
}

async fn describe(description: Data<Description>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/yaml").body(description.yaml.clone())
}

async fn no_route(request: HttpRequest, description: Data<Description>) -> Result<HttpResponse, ApiError> {
    let pattern = request.resource_map().match_pattern(request.path());
    if let Some(methods) = pattern.and_then(|pattern| description.methods.get(&pattern)) {
        let detail = format!("This address exists, but not with this method; it takes {methods}.");
        return Err(Problem::new(ErrorCode::MethodNotAllowed, detail).with("allow", methods.as_str()).into());
    }
    Err(ApiError::new(ErrorCode::NotFound, "There is nothing at this address. /openapi.yaml lists what there is."))
}

fn json_error(error: JsonPayloadError) -> ApiError {
    match error {
        JsonPayloadError::ContentType => {
            ApiError::new(ErrorCode::UnsupportedMediaType, "Send JSON, with “Content-Type: application/json”.")
        }
        JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
            let detail = format!("The JSON is larger than {} kB.", JSON_BYTES >> 10);
            Problem::new(ErrorCode::TooLarge, detail).with("limit", JSON_BYTES).into()
        }
        JsonPayloadError::Payload(PayloadError::Overflow) => ApiError::new(
            ErrorCode::TooLarge,
            "The JSON is larger than Pupil takes from somebody who has not logged in.",
        ),
        JsonPayloadError::Payload(PayloadError::EncodingCorrupted) => {
            ApiError::new(ErrorCode::InvalidJson, "Send a JSON object: it begins with “{”.")
        }
        error => unreadable_json(&error),
    }
}

/// Not JSON, or JSON of another shape than documented.
pub fn unreadable_json(error: &impl std::fmt::Display) -> ApiError {
    ApiError::new(ErrorCode::InvalidJson, format!("The JSON can't be used: {error}."))
}

/// An identifier that is none names nothing.
fn path_error(_: PathError) -> ApiError {
    ApiError::new(ErrorCode::NotFound, "There is nothing under this identifier.")
}

fn query_error(error: QueryPayloadError) -> ApiError {
    ApiError::new(ErrorCode::InvalidRequest, format!("The query can't be used: {error}."))
}
