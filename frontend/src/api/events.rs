//! The live events of a training run, by `EventSource`.

use super::client;
use dto::{ModelId, model::ModelEvent};
use wasm_bindgen::prelude::*;
use web_sys::{EventSource, MessageEvent};

/// The names of [`ModelEvent`]'s variants: `EventSource` needs a listener for each.
const NAMES: [&str; 6] = ["state", "progress", "epoch", "ready", "failed", "cancelled"];

/// What a listener hears.
pub enum Heard {
    Event(ModelEvent),
    /// The connection broke; the browser tries again by itself.
    Interrupted,
    /// The connection is closed for good.
    Lost,
}

/// An open connection; dropping it closes it.
pub struct Listening {
    source: EventSource,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

/// Listens to a run. The server first repeats what happened so far, so a listener is never late, but hears things
/// again after an interruption. `None` when the browser refuses.
pub fn listen(id: ModelId, hear: impl Fn(Heard) + Clone + 'static) -> Option<Listening> {
    let source = EventSource::new(&client::url(&format!("/models/{id}/events"))).ok()?;
    let on_message = Closure::new({
        let hear = hear.clone();
        move |message: MessageEvent| {
            if let Some(event) = parse(&message.type_(), &message.data().as_string().unwrap_or_default()) {
                hear(Heard::Event(event));
            }
        }
    });
    let on_error = Closure::new({
        let source = source.clone();
        move || {
            hear(if source.ready_state() == EventSource::CLOSED { Heard::Lost } else { Heard::Interrupted });
        }
    });
    for name in NAMES {
        source.add_event_listener_with_callback(name, on_message.as_ref().unchecked_ref()).ok()?;
    }
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Some(Listening { source, _on_message: on_message, _on_error: on_error })
}

/// Events of a newer server that this page does not know are passed over.
fn parse(name: &str, data: &str) -> Option<ModelEvent> {
    // By name, because what serde makes of a tagged enum is large.
    fn read<'a, T: serde::Deserialize<'a>>(data: &'a str) -> Option<T> {
        serde_json::from_str(data).ok()
    }
    Some(match name {
        "state" => ModelEvent::State(read(data)?),
        "progress" => ModelEvent::Progress(read(data)?),
        "epoch" => ModelEvent::Epoch(read(data)?),
        "ready" => ModelEvent::Ready(Box::new(read(data)?)),
        "failed" => ModelEvent::Failed(Box::new(read(data)?)),
        "cancelled" => ModelEvent::Cancelled(Box::new(read(data)?)),
        _ => return None,
    })
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.source.set_onerror(None);
        self.source.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::model::{Phase, Progress, RunState, Status};

    #[test]
    fn reads_an_event_by_its_name() {
        assert_eq!(
            parse("state", r#"{"status":"running","phase":"training"}"#),
            Some(ModelEvent::State(RunState { status: Status::Running, phase: Some(Phase::Training) }))
        );
        assert_eq!(
            parse("progress", r#"{"done":3,"total":50}"#),
            Some(ModelEvent::Progress(Progress { done: 3, total: 50 }))
        );
    }

    #[test]
    fn passes_over_what_it_does_not_know() {
        assert_eq!(parse("confetti", "{}"), None);
        assert_eq!(parse("progress", "not json"), None);
    }
}
