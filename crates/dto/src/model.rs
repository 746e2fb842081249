//! Training runs and the models that come of them.

use crate::{ModelId, Problem, ProjectId, Timestamp, label::LabelRef};
use serde::{Deserialize, Serialize};

/// How a model learns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The last layer, on stored embeddings: well under a second.
    #[default]
    Instant,
    /// The whole network, on the pictures themselves: minutes.
    FineTune,
}

impl Mode {
    pub const ALL: [Self; 2] = [Self::Instant, Self::FineTune];

    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instant => "instant",
            Self::FineTune => "fine_tune",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}

/// The pretrained network that turns a picture into numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Backbone {
    /// He et al., "Deep Residual Learning for Image Recognition", 2015; 512 numbers a picture.
    Resnet18,
    /// Tan and Le, "EfficientNet", 2019, in its Lite0 form; 1280 numbers a picture.
    EfficientnetLite0,
}

impl Backbone {
    pub const ALL: [Self; 2] = [Self::Resnet18, Self::EfficientnetLite0];

    /// The name on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resnet18 => "resnet18",
            Self::EfficientnetLite0 => "efficientnet_lite0",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backbone| backbone.as_str() == text)
    }

    /// The name for a person.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Resnet18 => "ResNet18",
            Self::EfficientnetLite0 => "EfficientNet-Lite0",
        }
    }

    /// How many numbers an embedding has.
    pub const fn dimensions(self) -> usize {
        match self {
            Self::Resnet18 => 512,
            Self::EfficientnetLite0 => 1280,
        }
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Queued,
    Running,
    Ready,
    Failed,
    Cancelled,
}

impl Status {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Ready, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|status| status.as_str() == text)
    }

    /// Whether nothing more will happen to the run.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ready | Self::Failed | Self::Cancelled)
    }
}

/// What a running run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Looking at pictures: at those that no backbone has seen yet, and at all of them before fine-tuning.
    Embedding,
    Training,
    Evaluating,
}

impl Phase {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Embedding => "embedding",
            Self::Training => "training",
            Self::Evaluating => "evaluating",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Embedding, Self::Training, Self::Evaluating].into_iter().find(|phase| phase.as_str() == text)
    }
}

/// How far the current phase is: images while embedding, epochs while training in an instant, images of the epoch under
/// way (those learned from, then those kept aside) while fine-tuning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

/// The body of `POST /projects/{id}/train`. Everything has a default: `{}` is a valid body.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrainRequest {
    #[serde(default)]
    pub mode: Mode,
    /// The server's default when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backbone: Option<Backbone>,
    /// 1 to 1000; 50 when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_epochs: Option<u32>,
    /// 0 to 1; 0.9 when missing. Training may stop early once this validation accuracy is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_accuracy: Option<f64>,
    /// Epochs without a better validation accuracy to wait, once the target is reached; 5 when missing, 0 stops at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<u32>,
    /// Anything below 2^53; 0 when missing. The same seed on the same data gives the same model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Whether to learn from every image turned left to right as well; false when missing. Fine-tuning mirrors at random
    /// either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mirror: Option<bool>,
}

/// What a run was asked to do, with every default filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settings {
    pub max_epochs: u32,
    pub target_accuracy: f64,
    pub patience: u32,
    pub seed: u64,
    #[serde(default)]
    pub mirror: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_epochs: 50, target_accuracy: 0.9, patience: 5, seed: 0, mirror: false }
    }
}

/// One pass over the training images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Epoch {
    /// From 0.
    pub epoch: u32,
    /// Mean cross-entropy, in nats, over the images learned from.
    pub loss: f64,
    /// 0 to 1, over the images learned from.
    pub accuracy: f64,
    /// Mean cross-entropy, in nats, over images kept aside; null when none could be.
    pub validation_loss: Option<f64>,
    /// 0 to 1, over images kept aside; null when none could be.
    pub validation_accuracy: Option<f64>,
    /// This epoch took.
    pub seconds: f64,
    /// Since the first epoch began.
    pub elapsed_seconds: f64,
}

/// How an accuracy was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccuracyKind {
    /// Every image was predicted by a model that had not learned from it.
    CrossValidation,
    /// On images kept aside from the start.
    HeldOut,
}

impl AccuracyKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CrossValidation => "cross_validation",
            Self::HeldOut => "held_out",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::CrossValidation, Self::HeldOut].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A training run, and the model once it is ready. What is not known yet is null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Model {
    pub id: ModelId,
    pub project_id: ProjectId,
    /// 1, 2, 3… in its project; 0 for a draft.
    pub version: u32,
    /// Whether it was trained while somebody was labelling, to be replaced by the next such.
    pub draft: bool,
    pub name: String,
    pub mode: Mode,
    pub backbone: Backbone,
    pub status: Status,
    pub phase: Option<Phase>,
    pub progress: Progress,
    pub settings: Settings,
    /// The labels it learned, under their names of now (or of then, for one deleted since).
    pub labels: Vec<LabelRef>,
    /// How many images it learned from.
    pub image_count: u64,
    /// 0 to 1, on images it had not learned from.
    pub accuracy: Option<f64>,
    /// 95 % Wilson score interval of `accuracy`: `[low, high]`.
    pub accuracy_interval: Option<[f64; 2]>,
    pub accuracy_kind: Option<AccuracyKind>,
    /// 0 to 1, on the images it learned from: always too good to be believed.
    pub training_accuracy: Option<f64>,
    /// From its start to ready, without waiting in the queue.
    pub train_seconds: Option<f64>,
    pub epochs: Vec<Epoch>,
    /// Why it failed.
    pub problem: Option<Problem>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// The body of `PATCH /models/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelChange {
    /// 1 to 100 characters.
    pub name: String,
}

/// What `GET /models/{id}/events` sends: the name as the SSE `event`, the rest as JSON in `data`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
pub enum ModelEvent {
    State(RunState),
    Progress(Progress),
    Epoch(Epoch),
    /// The last event of a run that succeeded.
    Ready(Box<Model>),
    /// The last event of a run that did not.
    Failed(Box<Model>),
    /// The last event of a run that was stopped.
    Cancelled(Box<Model>),
}

/// The data of a `state` event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunState {
    pub status: Status,
    pub phase: Option<Phase>,
}

impl ModelEvent {
    /// The SSE event name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::State(_) => "state",
            Self::Progress(_) => "progress",
            Self::Epoch(_) => "epoch",
            Self::Ready(_) => "ready",
            Self::Failed(_) => "failed",
            Self::Cancelled(_) => "cancelled",
        }
    }
}
