//! What the browser remembers between visits. It may refuse (private windows, full disk): then nothing is remembered.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// What was kept under `key`, if it can still be read.
pub fn load<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = window().local_storage().ok()??.get_item(key).ok()??;
    serde_json::from_str(&text).ok()
}

/// Keeps `value` under `key`.
pub fn save(key: &str, value: &impl Serialize) {
    if let (Ok(Some(storage)), Ok(text)) = (window().local_storage(), serde_json::to_string(value)) {
        let _ = storage.set_item(key, &text);
    }
}
