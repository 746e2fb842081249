//! Labels: the names that images are told apart by.

use crate::LabelId;
use serde::{Deserialize, Serialize};

/// Colours for new labels, in turn, that colour-blind people can tell apart (Okabe and Ito, "Color Universal
/// Design", 2008; darkened where white surfaces need it). A label's name always stands beside its colour.
pub const PALETTE: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#b8860b", "#a44a86", "#3a8fc4", "#7a6a00", "#5b5b66"];

/// A label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Label {
    pub id: LabelId,
    /// Unique in its project.
    pub name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Labels are listed in this order, from 0.
    pub position: u32,
    pub image_count: u64,
}

/// The body of `POST /projects/{id}/labels`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewLabel {
    /// 1 to 100 characters, unique in the project.
    pub name: String,
    /// `#rrggbb`; the next of the palette when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// The body of `PATCH /labels/{id}`: what is missing stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelChange {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// The place in the list to move it to, from 0; past the end means the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
}

/// A label by identifier and name, where no more of it matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelRef {
    pub id: LabelId,
    pub name: String,
}
