//! What a user has of what they may have.

use serde::{Deserialize, Serialize};

/// The answer of `GET /usage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    pub images: Amount,
    /// Of the files of all images and models.
    pub bytes: Amount,
    pub projects: Amount,
    /// Runs that are queued or under way.
    pub runs: Amount,
}

/// How much of something there is, and may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    pub used: u64,
    pub allowed: u64,
}
