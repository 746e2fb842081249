//! Images: uploading, listing, labelling, deleting.

use crate::{ImageId, LabelId, Problem, Timestamp, serde_help::present_or_null};
use serde::{Deserialize, Serialize};

/// How an image came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    #[default]
    Upload,
    Webcam,
    Import,
}

impl Source {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Webcam => "webcam",
            Self::Import => "import",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Upload, Self::Webcam, Self::Import].into_iter().find(|source| source.as_str() == text)
    }
}

/// An image of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Image {
    pub id: ImageId,
    pub file_name: String,
    /// In pixels, as seen: after turning it upright.
    pub width: u32,
    /// In pixels, as seen: after turning it upright.
    pub height: u32,
    /// Of the file as it was uploaded.
    pub bytes: u64,
    pub label_id: Option<LabelId>,
    pub source: Source,
    /// Whether the server has computed what training needs of it.
    pub embedded: bool,
    /// Whether the server has lost its file, or the file has changed: to upload the same file again mends it.
    #[serde(default)]
    pub damaged: bool,
    pub created_at: Timestamp,
}

/// What became of one uploaded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is a new image of the project.
    Stored,
    /// The project had the same bytes already; `image` is that one. An unlabelled one takes the request's label.
    Duplicate,
    /// It was not taken; `problem` says why.
    Rejected,
}

/// One file of an upload.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadedFile {
    pub file_name: String,
    pub outcome: Outcome,
    pub image: Option<Image>,
    pub problem: Option<Problem>,
    /// For a duplicate that keeps a label other than the request's: the label that it keeps.
    pub kept_label_id: Option<LabelId>,
    /// The file still says when, where and with what it was taken, although this server takes that out: of its format, or
    /// of this file, it can't. Never true where the server keeps files as they are.
    #[serde(default)]
    pub metadata_kept: bool,
}

/// The answer to an upload: one item per file, in the order sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    pub items: Vec<UploadedFile>,
    pub stored: u64,
    pub duplicates: u64,
    pub rejected: u64,
}

impl Upload {
    /// Counts the outcomes.
    pub fn new(items: Vec<UploadedFile>) -> Self {
        let count = |outcome| items.iter().filter(|item| item.outcome == outcome).count() as u64;
        let [stored, duplicates, rejected] = [Outcome::Stored, Outcome::Duplicate, Outcome::Rejected].map(count);
        Self { items, stored, duplicates, rejected }
    }
}

/// The query of `GET /projects/{id}/images`. Newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct ImageQuery {
    /// Only images with this label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelId>,
    /// Only images without a label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlabelled: Option<bool>,
    /// Only images whose file name has this in it, upper and lower case alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items on the page: 100 unless given, 500 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
}

/// The body of `PATCH /images/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageChange {
    /// The label to give it; null takes its label away.
    #[serde(deserialize_with = "present_or_null")]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub label_id: Option<LabelId>,
}

/// The body of `POST /projects/{id}/images/label`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkLabel {
    /// 10,000 at most.
    pub image_ids: Vec<ImageId>,
    /// The label to give them; null takes theirs away.
    #[serde(deserialize_with = "present_or_null")]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub label_id: Option<LabelId>,
}

/// The body of `POST /projects/{id}/images/delete` and `/restore`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageIds {
    /// 10,000 at most.
    pub image_ids: Vec<ImageId>,
}

/// The body of `POST /projects/{id}/images/confirm`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirmation {
    /// 10,000 at most.
    pub image_ids: Vec<ImageId>,
    /// Whether their labels are right for certain; false takes an earlier confirmation back.
    #[serde(default = "yes")]
    #[cfg_attr(feature = "openapi", schema(default = true))]
    pub confirmed: bool,
}

fn yes() -> bool {
    true
}

/// How many images a bulk change has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changed {
    pub changed: u64,
}
