//! `GET /models/{id}/events`: a run as server-sent events.

use super::{at_once::Gates, caller::Reader, error::ApiError, identity};
use crate::{
    app::App,
    jobs::follow::{Follower, Heartbeat},
};
use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Data, Path},
};
use bytes::Bytes;
use dto::{ModelId, Problem, model::ModelEvent};
use futures::StreamExt;

/// Follow a run
///
/// Events `state`, `progress`, `epoch`, then one of `ready`, `failed` or `cancelled`, after which the stream ends.
/// Whoever comes late first gets what has already happened.
#[utoipa::path(tag = "models", params(("id" = ModelId, Path)), responses(
    (status = 200, content_type = "text/event-stream", body = ModelEvent),
    (status = 404, body = Problem, content_type = "application/problem+json"),
    (status = 429, body = Problem, content_type = "application/problem+json", description = "too_many_at_once")))]
#[get("/models/{id}/events")]
pub async fn events(
    app: Data<App>,
    gates: Data<Gates>,
    who: Reader,
    id: Path<ModelId>,
) -> Result<HttpResponse, ApiError> {
    let place = gates.stream(who.id())?;
    let follower = Follower::new(app.store.clone(), &app.jobs, who.id(), *id).await?;
    // A log-in or token that is ended sees nothing more: an event is asked for as any request is.
    let events = follower.events().take_while(move |_| identity::still_holds(app.clone(), who.token_id));
    let lines = events.map(move |item| {
        // Held until the stream is dropped.
        let _ = &place;
        match item {
            Ok(Ok(event)) => frame(&event),
            // A comment keeps proxies from closing a connection on which nothing happens.
            Ok(Err(Heartbeat)) => Ok(Bytes::from_static(b": still here\n\n")),
            Err(error) => Err(ApiError::from(error)),
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(lines))
}

/// One event as the HTML standard's section on server-sent events writes it.
fn frame(event: &ModelEvent) -> Result<Bytes, ApiError> {
    let data = match event {
        ModelEvent::State(state) => serde_json::to_string(state),
        ModelEvent::Progress(progress) => serde_json::to_string(progress),
        ModelEvent::Epoch(epoch) => serde_json::to_string(epoch),
        ModelEvent::Ready(model) | ModelEvent::Failed(model) | ModelEvent::Cancelled(model) => {
            serde_json::to_string(model)
        }
    };
    match data {
        Ok(data) => Ok(format!("event: {}\ndata: {data}\n\n", event.name()).into()),
        Err(error) => Err(store::StoreError::Corrupt(error.to_string()).into()),
    }
}
