//! Predictions.

use super::upload::{self, Sending};
use dto::{ProjectId, predict::Predictions};

/// Asks the project's model about pictures; nothing is stored.
pub fn predict(project: ProjectId, files: &[web_sys::File]) -> Sending<Predictions> {
    upload::send(&path(project), files, [], |_, _| ())
}

fn path(project: ProjectId) -> String {
    format!("/projects/{project}/predict")
}

/// The path that others' programs send pictures to.
pub fn public_path(project: ProjectId) -> String {
    super::client::url(&path(project))
}
