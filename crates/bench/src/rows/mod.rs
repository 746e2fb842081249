//! What can be measured, a file for each.

mod backbones;
mod embed;
mod fine_tune;
mod many;
mod meanwhile;
mod photo;
mod predict;
mod project;
mod train;

use crate::{bench::Bench, report::Section};
use anyhow::Result;
use clap::ValueEnum;

/// A part of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Row {
    /// A folder of photos becomes embeddings
    Embed,
    /// A head is trained and evaluated
    Train,
    /// The whole network learns
    FineTune,
    /// A camera's photo becomes a thumbnail and what a backbone sees
    Photo,
    /// Predictions over HTTP
    Predict,
    /// Predictions while other work goes on
    Meanwhile,
    /// Thousands of pictures: time and memory
    Many,
    /// The backbones compared, as the paper did
    Backbones,
}

impl Row {
    pub fn all() -> [Self; 8] {
        [
            Self::Embed,
            Self::Train,
            Self::FineTune,
            Self::Photo,
            Self::Predict,
            Self::Meanwhile,
            Self::Many,
            Self::Backbones,
        ]
    }

    /// As it is written on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Embed => "embed",
            Self::Train => "train",
            Self::FineTune => "fine-tune",
            Self::Photo => "photo",
            Self::Predict => "predict",
            Self::Meanwhile => "meanwhile",
            Self::Many => "many",
            Self::Backbones => "backbones",
        }
    }

    pub fn about(self) -> String {
        self.to_possible_value().and_then(|value| Some(value.get_help()?.to_string())).unwrap_or_default()
    }

    pub async fn measure(self, bench: &mut Bench) -> Result<Section> {
        match self {
            Self::Embed => embed::measure(bench).await,
            Self::Train => train::measure(bench).await,
            Self::FineTune => fine_tune::measure(bench).await,
            Self::Photo => photo::measure(bench),
            Self::Predict => predict::measure(bench).await,
            Self::Meanwhile => meanwhile::measure(bench).await,
            Self::Many => many::measure(bench).await,
            Self::Backbones => backbones::measure(bench).await,
        }
    }
}
