//! Server-sent events of a training run.

use dto::model::ModelEvent;
use futures::{Stream, StreamExt};
use reqwest::{Response, header};
use serde_json::{Value, json};
use std::pin::Pin;

type Chunks = Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>;

/// A run's events, in the order in which they come.
pub struct EventStream {
    chunks: Chunks,
    received: String,
}

impl EventStream {
    /// Reads the events in a response.
    ///
    /// # Panics
    /// When its content type is not that of server-sent events.
    pub fn new(response: Response) -> Self {
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        assert!(content_type.is_some_and(|text| text.starts_with("text/event-stream")), "{content_type:?}");
        Self { chunks: Box::pin(response.bytes_stream().map(|chunk| Ok(chunk?.to_vec()))), received: String::new() }
    }

    /// The next event; none when the server has ended the stream.
    pub async fn next(&mut self) -> Option<ModelEvent> {
        loop {
            while let Some(end) = self.received.find("\n\n") {
                let block: String = self.received.drain(..end + 2).collect();
                if let Some(event) = parse(&block) {
                    return Some(event);
                }
            }
            let chunk = self.chunks.next().await?.unwrap_or_else(|e| panic!("the events broke off: {e}"));
            self.received.push_str(std::str::from_utf8(&chunk).expect("each event is written whole"));
        }
    }

    /// All events that are still to come.
    pub async fn to_end(mut self) -> Vec<ModelEvent> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}

/// One block of lines; none for a comment that keeps the connection alive.
fn parse(block: &str) -> Option<ModelEvent> {
    let field = |name: &str| -> Vec<&str> {
        block.lines().filter_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim_start())).collect()
    };
    let (name, data) = (field("event"), field("data"));
    if name.is_empty() && data.is_empty() {
        return None;
    }
    let data: Value = serde_json::from_str(&data.join("\n")).unwrap_or_else(|e| panic!("{e} in the event:\n{block}"));
    let event = json!({ "event": name.concat(), "data": data });
    Some(serde_json::from_value(event).unwrap_or_else(|e| panic!("{e} in the event:\n{block}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::model::Progress;

    #[test]
    fn reads_an_event_and_skips_a_comment() {
        let event = parse("event: progress\ndata: {\"done\":1,\ndata: \"total\":2}\nid: 7\n\n");
        assert_eq!(event, Some(ModelEvent::Progress(Progress { done: 1, total: 2 })));
        assert_eq!(parse(": still there\n\n"), None);
    }
}
