//! From the bytes of a file to upright RGB pixels, or a sentence that says why not.
//!
//! JPEG goes through zune-jpeg (`jpeg`), because the `image` crate accepts a photo that is cut short; PNG and WebP
//! go through the `image` crate (`raster`). Limits are checked on the header, before any pixel is allocated.

mod error;
mod jpeg;
mod raster;
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

impl Limits {
    fn check(&self, width: u32, height: u32) -> Result<(), DecodeError> {
        let pixels = u64::from(width) * u64::from(height);
        if pixels > self.max_pixels {
            return Err(DecodeError::TooManyPixels { pixels, limit: self.max_pixels });
        }
        Ok(())
    }
}

/// What a file's header promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    pub format: Format,
    /// In pixels, as the picture is seen: after the rotation that the camera noted.
    pub width: u32,
    pub height: u32,
}

impl Header {
    pub const fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

/// A picture as it is seen: upright, RGB, 8 bits a channel, transparency on white.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub format: Format,
    pub rgb: RgbImage,
}

/// Reads the header alone: fast and in little memory, whatever the file claims to hold.
///
/// # Errors
/// Everything that [`decode`] refuses too, except damage beyond the header.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Header, DecodeError> {
    let format = sniff::sniff(bytes)?;
    let (width, height, orientation) = match format {
        Format::Jpeg => jpeg::header(bytes)?,
        Format::Png | Format::WebP => raster::header(format, bytes, limits)?,
    };
    limits.check(width, height)?;
    let (width, height) = if swaps_sides(orientation) { (height, width) } else { (width, height) };
    Ok(Header { format, width, height })
}

/// Decodes a whole picture; of several in one file (an animation, a stereo pair) the first.
///
/// # Errors
/// A file that is no picture, of a format that is not read, cut short or damaged, or larger than the limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, DecodeError> {
    let format = sniff::sniff(bytes)?;
    let (rgb, orientation) = match format {
        Format::Jpeg => jpeg::decode(bytes, limits)?,
        Format::Png | Format::WebP => raster::decode(format, bytes, limits)?,
    };
    let mut picture = DynamicImage::ImageRgb8(rgb);
    picture.apply_orientation(orientation);
    Ok(Decoded { format, rgb: picture.into_rgb8() })
}

fn swaps_sides(orientation: Orientation) -> bool {
    use Orientation::*;
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

#[cfg(test)]
mod tests;
