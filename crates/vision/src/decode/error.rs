//! Why a file could not be turned into pixels.

use dto::ErrorCode;
use thiserror::Error;

/// Each message is for the person who sent the file: what happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    #[error("The file is empty. Choose it again, or export it once more from where it came from.")]
    Empty,
    #[error("This is not a picture. Choose a JPEG, PNG, WebP, GIF, BMP or TIFF file.")]
    NotAnImage,
    #[error("{format} pictures can't be read. {remedy}")]
    Unsupported {
        /// The format's name for a person, such as "HEIC".
        format: &'static str,
        /// What to do about it, a sentence.
        remedy: &'static str,
    },
    #[error("The picture is damaged or cut short ({0}). Choose it again, or export it once more.")]
    Damaged(String),
    #[error("The picture has {} megapixels; {} are allowed. Save it smaller and choose it again.", megapixels(*.pixels), megapixels(*.limit))]
    TooManyPixels { pixels: u64, limit: u64 },
    /// Its pixels are wider than usual, or of a format that takes much room to unpack.
    #[error("The picture takes {} MB of memory to read; {} are allowed. Save it as an ordinary JPEG, or smaller, and choose it again.", .needed / 1_000_000, .limit / 1_000_000)]
    TooMuchMemory { needed: u64, limit: u64 },
}

impl DecodeError {
    /// The code that the API answers with.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Empty => ErrorCode::FileEmpty,
            Self::NotAnImage => ErrorCode::NotAnImage,
            Self::Unsupported { .. } => ErrorCode::UnsupportedFormat,
            Self::Damaged(_) => ErrorCode::ImageDamaged,
            Self::TooManyPixels { .. } | Self::TooMuchMemory { .. } => ErrorCode::TooManyPixels,
        }
    }
}

/// A pixel count for a person: `12`, or `0.5` below ten.
fn megapixels(pixels: u64) -> String {
    let millions = pixels as f64 / 1e6;
    if millions < 10.0 { format!("{millions:.1}") } else { format!("{millions:.0}") }
}
