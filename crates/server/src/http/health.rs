//! `GET /health`, and `/health/live`.

use crate::app::App;
use actix_web::{HttpResponse, get, web::Data};
use dto::health::{BackboneHealth, Health};

/// Whether the server is alive
///
/// Its process answers; nothing else is looked at. An orchestrator that gets no answer should start it again, which helps
/// nothing when only the database is away: `GET /health` tells that.
#[utoipa::path(tag = "operate", security(()), responses((status = 204, description = "Alive")))]
#[get("/health/live")]
pub async fn live() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Whether the server is well
#[utoipa::path(tag = "operate", security(()), responses(
    (status = 200, body = Health, description = "Ready"),
    (status = 503, body = Health, description = "Alive, but the database or the store does not answer")))]
#[get("/health")]
pub async fn health(app: Data<App>) -> HttpResponse {
    let ready = app.store.ping().await.inspect_err(|error| tracing::error!("not ready: {error}")).is_ok();
    let backbones: Vec<BackboneHealth> = app
        .engine
        .backbones()
        .iter()
        .map(|status| BackboneHealth {
            backbone: status.backbone,
            pretrained: status.problem.is_none(),
            weights_sha256: status.weights_sha256.clone(),
            problem: status.problem.clone(),
        })
        .collect();
    let backbone = app.engine.default_backbone();
    let health = Health {
        live: true,
        ready,
        version: env!("CARGO_PKG_VERSION").into(),
        backbone,
        pretrained: backbone.is_some(),
        backbones,
        signup: app.settings.signup_mode(),
        contact: app.settings.contact.clone(),
    };
    if ready { HttpResponse::Ok().json(health) } else { HttpResponse::ServiceUnavailable().json(health) }
}
