//! A server for who watches over this process: metrics and health, and nothing of anybody's. A worker has no other.

use super::{health, metrics, request_id};
use crate::app::App;
use actix_web::{
    App as ActixApp, HttpServer,
    middleware::from_fn,
    web::{self, Data},
};
use anyhow::Context;
use std::net::{SocketAddr, TcpListener};

/// Answers at the address of `PUPIL_METRICS_LISTEN`, if there is one, for as long as the process runs. Says where that is.
pub fn listen(app: &App) -> anyhow::Result<Option<SocketAddr>> {
    let Some(address) = &app.settings.sight.metrics_listen else { return Ok(None) };
    let listener = TcpListener::bind(address).with_context(|| {
        format!("can't listen on {address} (PUPIL_METRICS_LISTEN): is something else listening there?")
    })?;
    let address = listener.local_addr()?;
    let app = Data::new(app.clone());
    let server = HttpServer::new(move || {
        ActixApp::new()
            .wrap(from_fn(request_id::problems))
            .app_data(app.clone())
            .route("/metrics", web::get().to(metrics::show_apart))
            .service(web::scope("/api").service(health::health).service(health::live))
    })
    .workers(1)
    // The process ends when its work does.
    .disable_signals()
    .listen(listener)?;
    tokio::spawn(server.run());
    Ok(Some(address))
}
