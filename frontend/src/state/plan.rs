//! What the next run is asked to do: as typed, remembered in this browser for each project.

use crate::{api::ApiError, i18n, storage};
use dto::{
    ProjectId,
    limits::EPOCHS,
    model::{Backbone, Mode, Settings, TrainRequest},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The settings as they stand in their fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub mode: Mode,
    /// The server's default while there is none.
    pub backbone: Option<Backbone>,
    pub max_epochs: String,
    /// In percent.
    pub target: String,
    pub patience: String,
    /// Whether to learn from mirrored views too, in the instant mode.
    #[serde(default)]
    pub mirror: bool,
}

impl Default for Draft {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            mode: Mode::default(),
            backbone: None,
            max_epochs: settings.max_epochs.to_string(),
            target: format!("{}", settings.target_accuracy * 100.0),
            patience: settings.patience.to_string(),
            mirror: settings.mirror,
        }
    }
}

/// The name that a field has on the wire, and what is wrong with it.
pub type FieldError = (String, String);

pub const MODE: &str = "mode";
pub const BACKBONE: &str = "backbone";
pub const MAX_EPOCHS: &str = "max_epochs";
pub const TARGET: &str = "target_accuracy";
pub const PATIENCE: &str = "patience";
const FIELDS: [&str; 5] = [MODE, BACKBONE, MAX_EPOCHS, TARGET, PATIENCE];

impl Draft {
    /// The request that it stands for, or what is wrong with each field.
    pub fn request(&self) -> Result<TrainRequest, Vec<FieldError>> {
        let max_epochs = self.max_epochs.trim().parse().ok().filter(|epochs| EPOCHS.contains(epochs));
        let target = self.target.trim().replace(',', ".").parse().ok().filter(|target| (0.0..=100.0).contains(target));
        let patience = self.patience.trim().parse().ok().filter(|patience| patience <= EPOCHS.end());
        let wrong = [
            max_epochs.is_none().then(|| (MAX_EPOCHS, i18n::epochs_rule())),
            target.is_none().then(|| (TARGET, i18n::target_rule().to_owned())),
            patience.is_none().then(|| (PATIENCE, i18n::patience_rule())),
        ];
        let wrong: Vec<_> = wrong.into_iter().flatten().map(|(field, text)| (field.to_owned(), text)).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(TrainRequest {
            mode: self.mode,
            backbone: self.backbone,
            max_epochs,
            target_accuracy: target.map(|percent: f64| percent / 100.0),
            patience,
            seed: None,
            mirror: self.mirror.then_some(true),
        })
    }
}

/// The draft of the open project, and what is wrong with it.
#[derive(Clone, Copy)]
pub struct Plan {
    project: ProjectId,
    pub draft: RwSignal<Draft>,
    /// What the server said of the last try.
    refused: RwSignal<Option<FieldError>>,
    /// Whether the fields are on show.
    pub open: RwSignal<bool>,
}

impl Plan {
    pub fn new(project: ProjectId) -> Self {
        let draft = storage::load(&key(project)).unwrap_or_default();
        Self { project, draft: RwSignal::new(draft), refused: RwSignal::new(None), open: RwSignal::new(false) }
    }

    /// Changes the draft, and remembers it.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.refused.set(None);
        self.draft.with_untracked(|draft| storage::save(&key(self.project), draft));
    }

    /// What is wrong with a field.
    pub fn error(self, field: &str) -> Option<String> {
        let of_field =
            |errors: Vec<FieldError>| errors.into_iter().find(|(name, _)| name == field).map(|(_, text)| text);
        let wrong = self.draft.with(Draft::request).err().unwrap_or_default();
        of_field(wrong).or_else(|| of_field(self.refused.get().into_iter().collect()))
    }

    /// The request; where it can't be made, the fields are shown.
    pub fn request(self) -> Option<TrainRequest> {
        let request = self.draft.with_untracked(Draft::request).ok();
        if request.is_none() {
            self.open.set(true);
        }
        request
    }

    /// Takes note of the server's refusal; `false` when it is about no field of these.
    pub fn refuse(self, error: &ApiError) -> bool {
        let field = match error.code() {
            Some(dto::ErrorCode::WeightsMissing) => Some(BACKBONE),
            _ => error.field().and_then(|field| FIELDS.into_iter().find(|known| *known == field)),
        };
        let Some(field) = field else { return false };
        self.refused.set(Some((field.to_owned(), error.to_string())));
        self.open.set(true);
        true
    }
}

fn key(project: ProjectId) -> String {
    format!("pupil.plan.{project}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_draft_asks_for_the_defaults() {
        let defaults = Settings::default();
        let request = Draft::default().request().expect("the defaults are in order");
        assert_eq!(request.max_epochs, Some(defaults.max_epochs));
        assert_eq!(request.target_accuracy, Some(defaults.target_accuracy));
        assert_eq!((request.patience, request.mode), (Some(defaults.patience), Mode::Instant));
    }

    #[test]
    fn each_field_is_checked() {
        let draft = Draft { max_epochs: "0".into(), target: "101".into(), patience: "x".into(), ..Draft::default() };
        let fields: Vec<_> =
            draft.request().expect_err("all three are wrong").into_iter().map(|(name, _)| name).collect();
        assert_eq!(fields, [MAX_EPOCHS, TARGET, PATIENCE]);
        let draft = Draft { target: " 92,5 ".into(), ..Draft::default() };
        assert_eq!(draft.request().expect("a comma will do").target_accuracy, Some(0.925));
    }
}
