//! How good a model is, and what changed from one model to another.

use crate::{
    ImageId, LabelId, ModelId,
    label::LabelRef,
    model::{AccuracyKind, Backbone, Mode},
};
use serde::{Deserialize, Serialize};

/// How well one label is told from the others. A share of nothing is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelEvaluation {
    pub label_id: LabelId,
    /// The label's name of now, or of training for one deleted since.
    pub label: String,
    /// Images with this label that the model learned from or was tested on.
    pub images: u64,
    /// Of them, those that a model was asked about which had not learned from them; what follows counts these alone.
    pub tested: u64,
    /// Of the images that were given this label, the share that has it, 0 to 1.
    pub precision: Option<f64>,
    /// Of the images that have this label, the share that was given it, 0 to 1.
    pub recall: Option<f64>,
    /// The harmonic mean of precision and recall.
    pub f1: Option<f64>,
}

/// Something that one should know to read the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    pub kind: NoteKind,
    /// A sentence for a person.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Some labels have many more images than others; all count the same in learning.
    Imbalanced,
    /// Too few images were kept aside for the numbers to mean much.
    FewImages,
    /// Labels that could not be tested: one image, or one burst of nearly the same.
    Untested,
    /// Images were relabelled or deleted since; the model learned from them as they were.
    ChangedSince,
    /// A kind that this client does not know yet.
    #[serde(other)]
    Other,
}

/// The answer to `GET /models/{id}/evaluation`. All numbers but `training_accuracy` are about images that the model asked
/// had not learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evaluation {
    pub model_id: ModelId,
    /// How many images it learned from, those included that were kept aside in turn.
    pub images: u64,
    /// How many of them were kept aside.
    pub tested: u64,
    pub accuracy: Option<f64>,
    /// 95 % Wilson score interval of `accuracy`: `[low, high]`.
    pub accuracy_interval: Option<[f64; 2]>,
    pub accuracy_kind: Option<AccuracyKind>,
    /// 0 to 1, on the images it learned from: always too good to be believed.
    pub training_accuracy: Option<f64>,
    /// The mean F1 of the labels, each counting the same.
    pub macro_f1: Option<f64>,
    /// Mean cross-entropy in nats.
    pub log_loss: Option<f64>,
    /// The mean gap between claimed probability and share of right answers, 0 to 1, in ten bins.
    pub calibration_error: Option<f64>,
    /// In the model's order.
    pub labels: Vec<LabelEvaluation>,
    /// `confusion[true label][predicted label]`: tested images, in the order of `labels`.
    pub confusion: Vec<Vec<u64>>,
    pub notes: Vec<Note>,
}

/// An image whose label may be wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LabelError {
    pub image_id: ImageId,
    pub file_name: String,
    /// The label that it has, and had when the model learned.
    pub given: String,
    pub given_id: LabelId,
    /// The label that fits best of the others.
    pub suggested: String,
    pub suggested_id: LabelId,
    /// What a model that had not learned from this image gives the given label, 0 to 1.
    pub given_probability: f64,
    /// 0 to 1, the higher the likelier the label is wrong.
    pub suspicion: f64,
    /// Whether it is probably wrong, rather than merely higher on the list than others.
    pub likely: bool,
}

/// The query of `GET /models/{id}/label-errors`. The most suspicious first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LabelErrorQuery {
    /// Only those that are probably wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likely: Option<bool>,
    /// `next_cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Items on the page: 100 unless given, 500 at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", param(minimum = 1, maximum = 500))]
    pub limit: Option<u32>,
}

/// One setting that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettingChange {
    /// As in a run's request: `mode`, `backbone`, `max_epochs`…
    pub setting: String,
    pub before: String,
    pub after: String,
}

/// What differs between the images of two models. Counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataChange {
    pub images_before: u64,
    pub images_after: u64,
    /// Images that only the later model has learned from.
    pub added: u64,
    /// Images that only the earlier model has learned from.
    pub removed: u64,
    /// Images that both have learned from, under different labels.
    pub relabelled: u64,
    pub labels_added: Vec<LabelRef>,
    pub labels_removed: Vec<LabelRef>,
}

/// The scores of one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SideScores {
    pub model_id: ModelId,
    pub name: String,
    pub mode: Mode,
    pub backbone: Backbone,
    pub accuracy: Option<f64>,
    pub accuracy_interval: Option<[f64; 2]>,
    pub macro_f1: Option<f64>,
    pub log_loss: Option<f64>,
    pub calibration_error: Option<f64>,
    pub train_seconds: Option<f64>,
}

/// How both did on the images that both were tested on, under the same label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadToHead {
    pub images: u64,
    pub both_right: u64,
    pub only_before_right: u64,
    pub only_after_right: u64,
    pub both_wrong: u64,
    /// How likely two equally good models would differ at least so much (exact McNemar test), 0 to 1.
    pub p_value: f64,
}

/// The answer to `GET /models/{id}/compare/{other}`: `before` is `id`, `after` is `other`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Comparison {
    pub before: SideScores,
    pub after: SideScores,
    pub settings: Vec<SettingChange>,
    pub data: DataChange,
    pub head_to_head: HeadToHead,
    /// A sentence for a person: which is better, or that it can't be told.
    pub verdict: String,
}
