//! HTTP: the only module that names actix-web. One file per group of routes; a handler extracts, checks, calls the
//! store or a job, and answers.

mod account;
mod agent;
mod at_once;
mod auth;
mod body;
mod caller;
mod client_address;
mod error;
mod evaluation;
mod events;
mod headers;
mod health;
mod heat_map;
mod identity;
mod images;
mod images_bulk;
mod labels;
mod likeness;
mod limits;
mod log_span;
mod metrics;
mod models;
mod multipart;
pub mod openapi;
mod pace;
mod predict;
mod projects;
mod request_id;
mod server;
mod sessions;
pub mod sight;
mod suggestions;
mod tokens;
mod train;
mod upload;
mod usage;
mod web_page;

#[cfg(fuzzing)]
pub use multipart::multipart_of_any_bytes;
pub use server::server;

use dto::limits::{NAME_CHARS, PAGE_DEFAULT, PAGE_MAX};
use error::ApiError;

/// The page size to use for the one asked for.
fn page_limit(asked: Option<u32>) -> Result<u32, ApiError> {
    match asked {
        None => Ok(PAGE_DEFAULT),
        Some(limit @ 1..=PAGE_MAX) => Ok(limit),
        Some(_) => Err(ApiError::field("limit", format!("A page has 1 to {PAGE_MAX} items."))),
    }
}

/// The name of a label, project or model as it is kept: trimmed, of an allowed length, on one line.
fn check_name(name: &str) -> Result<&str, ApiError> {
    let name = name.trim();
    if !NAME_CHARS.contains(&name.chars().count()) {
        let detail = format!("A name has {} to {} characters.", NAME_CHARS.start(), NAME_CHARS.end());
        return Err(ApiError::field("name", detail));
    }
    if name.chars().any(char::is_control) {
        return Err(ApiError::field("name", "A name has no line breaks or control characters."));
    }
    Ok(name)
}
