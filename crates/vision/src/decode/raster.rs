//! PNG and WebP, and what their pixels become in RGB.

use super::{DecodeError, Format, Limits};
use image::{
    DynamicImage, ImageDecoder, ImageError, Rgb, RgbImage,
    codecs::{png::PngDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use std::io::Cursor;

/// Room for what a decoder holds beside the pixels: tables, rows, colour profiles.
const WORKSPACE_BYTES: u64 = 32 << 20;
/// The widest pixel: four channels of 16 bits.
const BYTES_PER_PIXEL: u64 = 8;

/// Width and height as stored, and how to turn them upright.
pub fn header(format: Format, bytes: &[u8], limits: &Limits) -> Result<(u32, u32, Orientation), DecodeError> {
    let mut decoder = open(format, bytes, limits)?;
    let (width, height) = decoder.dimensions();
    Ok((width, height, orientation(&mut *decoder)))
}

/// The pixels as stored, and how to turn them upright.
pub fn decode(format: Format, bytes: &[u8], limits: &Limits) -> Result<(RgbImage, Orientation), DecodeError> {
    let mut decoder = open(format, bytes, limits)?;
    let (width, height) = decoder.dimensions();
    limits.check(width, height)?;
    let orientation = orientation(&mut *decoder);
    let picture = DynamicImage::from_decoder(decoder).map_err(explain)?;
    Ok((flatten(picture), orientation))
}

fn open<'a>(format: Format, bytes: &'a [u8], limits: &Limits) -> Result<Box<dyn ImageDecoder + 'a>, DecodeError> {
    let stream = Cursor::new(bytes);
    let mut allowance = image::Limits::no_limits();
    allowance.max_alloc = Some(limits.max_pixels.saturating_mul(BYTES_PER_PIXEL).saturating_add(WORKSPACE_BYTES));
    if format == Format::Png {
        return Ok(Box::new(PngDecoder::with_limits(stream, allowance).map_err(explain)?));
    }
    check_riff_length(bytes)?;
    let mut decoder = WebPDecoder::new(stream).map_err(explain)?;
    decoder.set_limits(allowance).map_err(explain)?;
    Ok(Box::new(decoder))
}

/// A WebP that is cut short keeps the length that it had; its decoder would fill the rest with what it likes.
fn check_riff_length(bytes: &[u8]) -> Result<(), DecodeError> {
    let promised = bytes.get(4..8).and_then(|field| field.try_into().ok()).map(u32::from_le_bytes);
    match promised {
        Some(length) if u64::from(length) + 8 <= bytes.len() as u64 => Ok(()),
        _ => Err(DecodeError::Damaged("it ends too early".into())),
    }
}

fn orientation(decoder: &mut dyn ImageDecoder) -> Orientation {
    // Metadata that can't be read says nothing about the pixels, which may be sound.
    decoder.orientation().unwrap_or(Orientation::NoTransforms)
}

/// To 8-bit RGB: 16 bits are scaled, grey is repeated, and what is transparent shows white, as on paper.
fn flatten(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        let over_white = |value: u16| ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        *to = Rgb([over_white(red), over_white(green), over_white(blue)]);
    }
    rgb
}

fn explain(error: ImageError) -> DecodeError {
    match error {
        ImageError::IoError(_) => DecodeError::Damaged("it ends too early".into()),
        ImageError::Limits(_) => DecodeError::Damaged("it would need too much memory".into()),
        other => {
            tracing::debug!(error = %other, "a picture can't be decoded");
            DecodeError::Damaged("its pixels can't be read".into())
        }
    }
}
