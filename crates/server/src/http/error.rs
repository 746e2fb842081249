//! The one error that handlers answer with, and how everything below becomes one.
//!
//! A person gets the problem; the log gets the source, which may name files, tables or addresses.

use super::headers::NOTHING;
use crate::{
    auth::{PasswordError, Throttled, TokenError},
    ingest::{IngestError, picture_problem},
    jobs::QueueError,
    predict::PredictError,
};
use actix_web::{HttpResponse, ResponseError, body::BoxBody, http::StatusCode, http::header};
use dto::{ErrorCode, Problem, problem};
use std::fmt;
use store::StoreError;
use vision::EngineError;

/// A problem to answer with, and for the log what it came from.
#[derive(Debug)]
pub struct ApiError {
    pub problem: Box<Problem>,
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl ApiError {
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { problem: Box::new(Problem::new(code, detail)), source: None }
    }

    /// A field's value breaks a rule.
    pub fn field(field: &str, detail: impl Into<String>) -> Self {
        Problem::new(ErrorCode::InvalidField, detail).with("field", field).into()
    }

    /// There is no such thing, or it is another's.
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorCode::NotFound, format!("There is no such {what}, or it isn't yours."))
    }

    fn inside(code: ErrorCode, detail: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..Self::new(code, detail) }
    }

    fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::inside(
            ErrorCode::Internal,
            "This is Pupil's fault, not yours. Try again; if it stays, tell the operator the request_id.",
            source,
        )
    }

    /// The answer, under the request's identifier.
    pub fn respond(&self, request_id: Option<String>) -> HttpResponse {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        // Of an error that comes instead of an answer, the layers that would say so of answers know nothing.
        response
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((header::CONTENT_SECURITY_POLICY, NOTHING))
            .insert_header((header::CACHE_CONTROL, "private, no-store"));
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(methods) = self.problem.more.get("allow").and_then(|methods| methods.as_str()) {
            response.insert_header((header::ALLOW, methods));
        }
        if let Some(seconds) = self.problem.more.get("retry_after").and_then(|seconds| seconds.as_u64()) {
            response.insert_header((header::RETRY_AFTER, seconds));
        } else if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
            response.insert_header((header::RETRY_AFTER, "5"));
        }
        let request_id = request_id.or_else(|| self.problem.request_id.clone());
        let problem = Problem { request_id, ..(*self.problem).clone() };
        response.content_type(problem::CONTENT_TYPE).body(serde_json::to_vec(&problem).unwrap_or_default())
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}: {source}", self.problem.code.as_str()),
            None => write!(f, "{}: {}", self.problem.code.as_str(), self.problem.detail),
        }
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        self.respond(None)
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), source: None }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        use ErrorCode as Code;
        match error {
            StoreError::NotFound(what) => Self::not_found(what),
            StoreError::UsernameTaken => {
                Problem::new(Code::UsernameTaken, "Someone has this user name already. Choose another one.")
                    .with("field", "username")
                    .into()
            }
            StoreError::LabelExists => {
                Problem::new(Code::LabelExists, "This project has a label of that name already. Choose another name.")
                    .with("field", "name")
                    .into()
            }
            StoreError::BadCursor => Self::new(
                Code::InvalidRequest,
                "The cursor is not one that a list gave out. Start from the first page.",
            ),
            StoreError::TooMany { what: "bytes", limit } => {
                let detail = format!(
                    "There is room for {} MB of pictures and models, and no more. Delete some first.",
                    limit / 1_000_000
                );
                Problem::new(Code::QuotaReached, detail).with("limit", limit).into()
            }
            StoreError::TooManyRuns(limit) => {
                let detail = format!(
                    "{limit} of your runs are waiting or under way, and no more can. Wait for one, or stop it."
                );
                Problem::new(Code::TooManyAtOnce, detail).with("limit", limit).into()
            }
            StoreError::TooMany { what, limit } => {
                let detail = format!("There is room for {limit} {what}, and no more. Delete some first.");
                Problem::new(Code::QuotaReached, detail).with("limit", limit).into()
            }
            StoreError::NotEnoughImages { labels_with_images, images } => not_enough(labels_with_images, images),
            StoreError::NoModel => {
                Self::new(Code::NoModel, "This project has no trained model yet. Label some pictures and train first.")
            }
            StoreError::NotReady(status) => {
                let detail = format!("The model is {}. Only a model that is ready can be used.", status.as_str());
                Self::new(Code::ModelNotReady, detail)
            }
            StoreError::NotRunning(status) => {
                Self::new(Code::NotRunning, format!("The training is over: it is {}.", status.as_str()))
            }
            StoreError::StorageFull(_) => Self::new(
                Code::StorageFull,
                "The server's disk is full: nothing of this request was kept. Ask the operator to make room.",
            ),
            error @ StoreError::Unavailable(_) => Self::inside(
                Code::Unavailable,
                "Pupil can't reach its database or store. Try again in a moment.",
                error,
            ),
            error => Self::internal(error),
        }
    }
}

/// Too little to train on, saying what is missing.
fn not_enough(labels_with_images: u64, images: u64) -> ApiError {
    let detail = match labels_with_images {
        0 if images == 0 => "No picture has a label yet. Give at least two labels, each to two pictures or more.",
        0 => "Each label has only one picture. Give at least two labels to two pictures or more each.",
        1 => "Only one label has two pictures or more. Give a second label to at least two pictures.",
        _ => "There are too few labelled pictures.",
    };
    Problem::new(ErrorCode::NotEnoughImages, detail)
        .with(
            "missing",
            serde_json::json!({ "labels": 2_u64.saturating_sub(labels_with_images), "images_per_label": 2 }),
        )
        .into()
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Picture(error) => picture_problem(&error).into(),
            IngestError::Store(error) => error.into(),
            error @ (IngestError::Thumbnail(_) | IngestError::Thread) => Self::internal(error),
        }
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::WeightsMissing { backbone, .. } => weights_missing(Some(backbone)),
            error => Self::internal(error),
        }
    }
}

/// A backbone without weights was asked for, or is needed.
pub fn weights_missing(backbone: Option<dto::model::Backbone>) -> ApiError {
    let who = backbone.map_or("Pupil", dto::model::Backbone::title);
    let detail = format!("{who} has no pretrained weights on this server. Ask the operator to run the set-up again.");
    ApiError::new(ErrorCode::WeightsMissing, detail)
}

impl From<PredictError> for ApiError {
    fn from(error: PredictError) -> Self {
        match error {
            PredictError::Store(error) => error.into(),
            PredictError::OtherWeights(backbone) => {
                let detail = format!(
                    "This model was trained with other {} weights than this server has. Train again.",
                    backbone.title()
                );
                Self::new(ErrorCode::WeightsMissing, detail)
            }
            PredictError::UnknownLabel => Self::new(ErrorCode::NotFound, "The model does not know this label."),
            PredictError::NoWeights => weights_missing(None),
            PredictError::Engine(error @ EngineError::TunedFile(_)) => damaged(error),
            error @ PredictError::Classifier(_) => damaged(error),
            PredictError::Engine(error) => error.into(),
            error @ (PredictError::Head(_) | PredictError::Explain(_) | PredictError::Thread) => Self::internal(error),
        }
    }
}

fn damaged(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ApiError {
    let detail = "This model's file is missing or damaged. Train again to replace it; other models still work.";
    ApiError::inside(ErrorCode::ModelDamaged, detail, source)
}

impl From<Throttled> for ApiError {
    fn from(Throttled { wait }: Throttled) -> Self {
        // Rounded up: a second too early is too early.
        let seconds = wait.as_secs() + 1;
        let wait =
            if seconds < 120 { format!("{seconds} seconds") } else { format!("{} minutes", seconds.div_ceil(60)) };
        let detail = format!("That was tried too often. Wait {wait}, and try again.");
        Problem::new(ErrorCode::TooManyRequests, detail).with("retry_after", seconds).into()
    }
}

impl From<PasswordError> for ApiError {
    fn from(error: PasswordError) -> Self {
        Self::internal(error)
    }
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        Self::inside(ErrorCode::Unavailable, "Pupil can't reach its job queue. Try again in a moment.", error)
    }
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Expired => Self::new(ErrorCode::TokenExpired, "Your log-in has run out. Log in again."),
            TokenError::Invalid => {
                Self::new(ErrorCode::TokenInvalid, "This token is not one of Pupil's. Log in again.")
            }
            error @ TokenError::Signing(_) => Self::internal(error),
        }
    }
}
