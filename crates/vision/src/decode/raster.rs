//! PNG, WebP, GIF, BMP and TIFF, and what their pixels become in RGB.

use super::{DecodeError, Format, Limits, Stored, flatten::flatten};
use image::{
    ExtendedColorType, ImageDecoder, ImageError, RgbImage,
    codecs::{bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder},
    metadata::Orientation,
};
use std::io::Cursor;

/// What the file's header promises.
pub fn header(format: Format, bytes: &[u8], limits: &Limits) -> Result<Stored, DecodeError> {
    let mut decoder = open(format, bytes, limits)?;
    let (width, height) = decoder.dimensions();
    let orientation = orientation(&mut *decoder);
    let pixels = u64::from(width) * u64::from(height);
    let memory = decoder.total_bytes().saturating_add(working_bytes(format, bytes, &*decoder, pixels));
    Ok(Stored { width, height, orientation, memory })
}

/// The pixels as stored.
pub fn decode(format: Format, bytes: &[u8], limits: &Limits) -> Result<RgbImage, DecodeError> {
    let decoder = open(format, bytes, limits)?;
    let ((width, height), color) = (decoder.dimensions(), decoder.color_type());
    let size = usize::try_from(decoder.total_bytes()).map_err(|_| too_much_memory())?;
    let mut pixels = vec![0; size];
    decoder.read_image(&mut pixels).map_err(explain)?;
    RgbImage::from_raw(width, height, flatten(pixels, color))
        .ok_or_else(|| DecodeError::Damaged("it has fewer pixels than its header says".into()))
}

fn open<'a>(format: Format, bytes: &'a [u8], limits: &Limits) -> Result<Box<dyn ImageDecoder + 'a>, DecodeError> {
    let stream = Cursor::new(bytes);
    let mut allowance = image::Limits::no_limits();
    allowance.max_alloc = Some(limits.memory());
    let mut decoder: Box<dyn ImageDecoder + 'a> = match format {
        Format::Png => return Ok(Box::new(PngDecoder::with_limits(stream, allowance).map_err(explain)?)),
        Format::WebP => {
            check_riff_length(bytes)?;
            Box::new(WebPDecoder::new(stream).map_err(explain)?)
        }
        Format::Gif => Box::new(GifDecoder::new(stream).map_err(explain)?),
        Format::Bmp => Box::new(BmpDecoder::new(stream).map_err(explain)?),
        Format::Tiff => Box::new(TiffDecoder::new(stream).map_err(explain)?),
        Format::Jpeg => return Err(DecodeError::NotAnImage),
    };
    let (width, height) = decoder.dimensions();
    // Before the decoder compares its own needs with the limit, so that too many pixels are called that.
    limits.check(width, height)?;
    decoder.set_limits(allowance).map_err(explain)?;
    Ok(decoder)
}

/// What decoding holds beside the pixels that come out of the decoder.
fn working_bytes(format: Format, bytes: &[u8], decoder: &dyn ImageDecoder, pixels: u64) -> u64 {
    let color = decoder.color_type();
    // Grey becomes RGB in a buffer of its own; wider pixels are made RGB where they are.
    let rgb = if color.bytes_per_pixel() < 3 { 3 * pixels } else { 0 };
    let own = match format {
        // The first frame, before it is put on the canvas.
        Format::Gif => 4 * pixels,
        // A strip or a tile, which may be the whole picture; CMYK has one channel more than RGB.
        Format::Tiff if decoder.original_color_type() == ExtendedColorType::Cmyk8 => 4 * pixels,
        Format::Tiff => decoder.total_bytes(),
        Format::WebP => match (bytes.get(12..16), bytes.get(20)) {
            (Some(b"VP8 "), _) => 2 * pixels,
            // Animated: the canvas and the first frame.
            (Some(b"VP8X"), Some(flags)) if flags & 2 != 0 => 8 * pixels,
            _ => 4 * pixels,
        },
        _ => 0,
    };
    rgb.max(own)
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

fn too_much_memory() -> DecodeError {
    DecodeError::Damaged("it would need too much memory".into())
}

fn explain(error: ImageError) -> DecodeError {
    match error {
        ImageError::IoError(_) => DecodeError::Damaged("it ends too early".into()),
        ImageError::Limits(_) => too_much_memory(),
        ImageError::Unsupported(error) => {
            tracing::debug!(%error, "a picture is of a kind that is not read");
            DecodeError::Unsupported { format: "Such", remedy: "Save it as JPEG or PNG and choose it again." }
        }
        other => {
            tracing::debug!(error = %other, "a picture can't be decoded");
            DecodeError::Damaged("its pixels can't be read".into())
        }
    }
}
