//! Whether the server is well.

use crate::model::Backbone;
use serde::{Deserialize, Serialize};

/// One backbone, as this server has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BackboneHealth {
    pub backbone: Backbone,
    /// Whether its pretrained weights are loaded.
    pub pretrained: bool,
    /// SHA-256 of the weights, in hexadecimal.
    pub weights_sha256: Option<String>,
    /// Why it can't be used, and what to do.
    pub problem: Option<String>,
}

/// Who may sign up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignupMode {
    /// Everybody.
    #[default]
    Open,
    /// Whoever knows the code.
    Code,
    /// Nobody: the operator makes accounts.
    Closed,
}

/// The answer of `GET /health`; its status is 200 when ready, 503 when not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// The process answers.
    pub live: bool,
    /// The database and the store answer too.
    pub ready: bool,
    pub version: String,
    /// The default backbone; null when none has weights, and then nothing can be trained or predicted.
    pub backbone: Option<Backbone>,
    /// Whether the default backbone has its pretrained weights.
    pub pretrained: bool,
    pub backbones: Vec<BackboneHealth>,
    /// Who may sign up.
    pub signup: SignupMode,
    /// Whom to ask for an account or a code, if the operator says so.
    pub contact: Option<String>,
}
