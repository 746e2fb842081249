//! Serde helpers of this crate.

use serde::{Deserialize, Deserializer};

/// A field that must be there but may be null. (Without this, serde takes a missing `Option` for null, and a
/// misspelt field would silently remove a label.)
pub(crate) fn present_or_null<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer)
}

/// A field of a PATCH: `None` when missing (leave as it is), `Some(None)` when null (reset).
pub(crate) fn missing_or_null<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
