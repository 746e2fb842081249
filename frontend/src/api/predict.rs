//! Predictions.

use super::upload::{self, Sending};
use dto::{ModelId, ProjectId, predict::Predictions};

/// Asks a model about pictures, the project's active one where none is named; nothing is stored.
pub fn predict(project: ProjectId, model: Option<ModelId>, files: &[web_sys::File]) -> Sending<Predictions> {
    upload::send(&path(project, model), files, [], |_, _| ())
}

fn path(project: ProjectId, model: Option<ModelId>) -> String {
    match model {
        Some(model) => format!("/models/{model}/predict"),
        None => format!("/projects/{project}/predict"),
    }
}

/// The path that others' programs send pictures to.
pub fn public_path(project: ProjectId, model: Option<ModelId>) -> String {
    super::client::url(&path(project, model))
}
