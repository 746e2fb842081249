//! Errors on the wire: RFC 9457 problem details.

use crate::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// The media type of a [`Problem`].
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What went wrong, for the person who meets it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI of the kind of problem: `urn:pupil:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of problem it is, the same for every occurrence.
    pub title: String,
    /// The HTTP status, or the one it would have had, had the file come alone.
    pub status: u16,
    pub code: ErrorCode,
    /// What happened this time, and what to do.
    pub detail: String,
    /// Finds the request in the server's log; null for a problem of a stored thing (a run that failed).
    pub request_id: Option<String>,
    /// Facts of this kind of problem, such as `field`, `limit` or `missing`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Problem {
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:pupil:{}", code.as_str()),
            title: code.title().into(),
            status: code.status(),
            code,
            detail: detail.into(),
            request_id: None,
            more: Map::new(),
        }
    }

    /// Adds a fact of its own.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.more.insert(key.into(), value.into());
        self
    }

    /// The field at fault, where there is one.
    pub fn field(&self) -> Option<&str> {
        self.more.get("field")?.as_str()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.detail)
    }
}

impl std::error::Error for Problem {}
