//! From the bytes of a file to upright RGB pixels, or a sentence that says why not.
//!
//! JPEG goes through zune-jpeg (`jpeg`), because the `image` crate accepts a photo that is cut short, and where less than
//! all of its pixels are wanted through jpeg-decoder (`reduced`); the others go through the `image` crate (`raster`).
//! Limits are checked on the header, before any pixel is allocated.

mod error;
mod flatten;
mod jpeg;
mod raster;
mod reduced;
mod scan;
mod sniff;

pub use error::DecodeError;
pub use sniff::Format;

use image::{DynamicImage, RgbImage, metadata::Orientation};

/// What a picture may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Width times height.
    pub max_pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: dto::limits::PIXELS_PER_IMAGE }
    }
}

/// What a picture of as many pixels as are allowed may take to decode: twice what it is as RGB, so that each can be
/// turned upright. More than that is needed for 16 bits with transparency, for one.
const BYTES_PER_PIXEL: u64 = 6;
/// Room for what a decoder holds beside the pixels, however small the picture: tables, rows, colour profiles.
const WORKSPACE_BYTES: u64 = 32 << 20;

impl Limits {
    /// Bytes that one picture may take to decode.
    pub const fn memory(&self) -> u64 {
        self.max_pixels.saturating_mul(BYTES_PER_PIXEL).saturating_add(WORKSPACE_BYTES)
    }

    fn check(&self, width: u32, height: u32) -> Result<(), DecodeError> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels == 0 {
            return Err(DecodeError::Damaged("it has no pixels".into()));
        }
        if pixels > self.max_pixels {
            return Err(DecodeError::TooManyPixels { pixels, limit: self.max_pixels });
        }
        Ok(())
    }
}

/// A picture as its file has it, before it is turned upright.
struct Stored {
    width: u32,
    height: u32,
    orientation: Orientation,
    /// Bytes to decode it, the pixels included.
    memory: u64,
}

/// What a file's header promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub format: Format,
    /// In pixels, as the picture is seen: after the rotation that the camera noted.
    pub width: u32,
    pub height: u32,
    /// How the file says that its pixels are to be turned, as EXIF numbers it: 1, as they are, to 8.
    pub orientation: u8,
    /// Bytes that it takes to decode the picture, at most.
    pub memory: u64,
}

/// A picture as it is seen: upright, RGB, 8 bits a channel, transparency on white.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub format: Format,
    /// Of the picture in the file, upright, in pixels.
    pub width: u32,
    pub height: u32,
    /// As many pixels, or fewer where a reduced picture was asked for.
    pub rgb: RgbImage,
}

/// Reads the header alone: fast and in little memory, whatever the file claims to hold.
///
/// # Errors
/// Everything that [`decode`] refuses too, except damage beyond the header.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Header, DecodeError> {
    let (format, Stored { width, height, orientation, memory }) = read_header(bytes, limits)?;
    let (width, height) = if swaps_sides(orientation) { (height, width) } else { (width, height) };
    Ok(Header { format, width, height, orientation: orientation.to_exif(), memory })
}

/// Decodes a whole picture; of several in one file (an animation, a stereo pair, pages) the first.
///
/// # Errors
/// A file that is no picture, of a format that is not read, cut short or damaged, or larger than the limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, DecodeError> {
    decode_reduced(bytes, limits, u32::MAX)
}

/// The same, but a large picture may come out smaller, its shorter side at least `short_side` pixels: for a JPEG that
/// takes a fraction of the time and the memory.
///
/// # Errors
/// Those of [`decode`].
pub fn decode_reduced(bytes: &[u8], limits: &Limits, short_side: u32) -> Result<Decoded, DecodeError> {
    let (format, Stored { width, height, orientation, .. }) = read_header(bytes, limits)?;
    let rgb = match format {
        Format::Jpeg => match reduced::decode(bytes, (width, height), short_side) {
            Some(rgb) => rgb,
            None => jpeg::decode(bytes)?,
        },
        _ => raster::decode(format, bytes, limits)?,
    };
    let mut picture = DynamicImage::ImageRgb8(rgb);
    picture.apply_orientation(orientation);
    let (width, height) = if swaps_sides(orientation) { (height, width) } else { (width, height) };
    Ok(Decoded { format, width, height, rgb: picture.into_rgb8() })
}

fn read_header(bytes: &[u8], limits: &Limits) -> Result<(Format, Stored), DecodeError> {
    let format = sniff::sniff(bytes)?;
    let mut stored = match format {
        Format::Jpeg => jpeg::header(bytes)?,
        _ => raster::header(format, bytes, limits)?,
    };
    limits.check(stored.width, stored.height)?;
    if stored.orientation != Orientation::NoTransforms {
        // Turned upright, it is there twice for a moment.
        let turned = 6 * u64::from(stored.width) * u64::from(stored.height);
        stored.memory = stored.memory.max(turned);
    }
    let (needed, limit) = (stored.memory, limits.memory());
    if needed > limit {
        return Err(DecodeError::TooMuchMemory { needed, limit });
    }
    Ok((format, stored))
}

fn swaps_sides(orientation: Orientation) -> bool {
    use Orientation::*;
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

#[cfg(test)]
mod tests;
