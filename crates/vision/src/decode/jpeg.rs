//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.

use super::{DecodeError, Stored, scan};
use image::{RgbImage, metadata::Orientation};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{
    JpegDecoder,
    errors::{DecodeErrors, UnsupportedSchemes},
};

type Decoder<'a> = JpegDecoder<ZCursor<&'a [u8]>>;

/// What the file's header promises.
pub fn header(bytes: &[u8]) -> Result<Stored, DecodeError> {
    let decoder = read_header(bytes)?;
    let (width, height) = dimensions(&decoder)?;
    let orientation =
        decoder.exif().and_then(|chunk| Orientation::from_exif_chunk(chunk)).unwrap_or(Orientation::NoTransforms);
    let memory = u64::from(width) * u64::from(height) * bytes_per_pixel(bytes);
    Ok(Stored { width, height, orientation, memory })
}

/// The pixels as stored.
pub fn decode(bytes: &[u8]) -> Result<RgbImage, DecodeError> {
    let mut decoder = read_header(bytes)?;
    let (width, height) = dimensions(&decoder)?;
    // What is cut short or damaged is an error rather than grey.
    decoder.set_options(options().set_strict_mode(true));
    let pixels = match decoder.decode() {
        // All of the file is there, and some of its pixels are wrong: shown as browsers show it, with what can be read.
        Err(DecodeErrors::Format(_) | DecodeErrors::FormatStatic(_) | DecodeErrors::MCUError(_))
            if scan::is_whole(bytes) =>
        {
            read_header(bytes)?.decode()
        }
        result => result,
    };
    RgbImage::from_raw(width, height, pixels.map_err(explain)?)
        .ok_or_else(|| DecodeError::Damaged("it has fewer pixels than its header says".into()))
}

/// A decoder that has read the headers, and takes damage leniently.
fn read_header(bytes: &[u8]) -> Result<Decoder<'_>, DecodeError> {
    if scan::frame(bytes).is_some_and(|frame| frame.precision != 8) {
        // No decoder here reads it; that is not to be called damage.
        return Err(DecodeError::Unsupported {
            format: "12-bit JPEG",
            remedy: "Save it as an ordinary JPEG of 8 bits.",
        });
    }
    // Headers are read leniently: cameras and editors leave junk between segments that harms no pixel.
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options().set_strict_mode(false));
    decoder.decode_headers().map_err(explain)?;
    Ok(decoder)
}

fn dimensions(decoder: &Decoder<'_>) -> Result<(u32, u32), DecodeError> {
    let info = decoder.info().ok_or_else(|| DecodeError::Damaged("it has no frame header".into()))?;
    Ok((info.width.into(), info.height.into()))
}

/// RGB; and where the coefficients come in several scans, all of them until the last.
fn bytes_per_pixel(bytes: &[u8]) -> u64 {
    const RGB: u64 = 3;
    /// Of three components with nothing left out: what to expect of a file whose segments are not in order.
    const UNKNOWN: u64 = RGB + 6;
    match scan::frame(bytes) {
        Some(frame) if frame.in_one_scan => RGB,
        Some(frame) => RGB + frame.coefficient_bytes,
        None => UNKNOWN,
    }
}

fn options() -> DecoderOptions {
    // The format's own maximum: how much is too much is for `Limits` to say.
    let side = usize::from(u16::MAX);
    DecoderOptions::default().set_max_width(side).set_max_height(side).jpeg_set_out_colorspace(ColorSpace::RGB)
}

fn explain(error: DecodeErrors) -> DecodeError {
    match error {
        DecodeErrors::Unsupported(scheme) => DecodeError::Unsupported {
            format: match scheme {
                UnsupportedSchemes::ExtendedSequentialHuffman => "Extended JPEG",
                UnsupportedSchemes::LosslessHuffman | UnsupportedSchemes::LosslessArithmetic => "Lossless JPEG",
                _ => "Arithmetic-coded JPEG",
            },
            remedy: "Save it as an ordinary JPEG.",
        },
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => DecodeError::Damaged("it ends too early".into()),
        other => {
            tracing::debug!(error = ?other, "a JPEG can't be decoded");
            DecodeError::Damaged("its pixels can't be read".into())
        }
    }
}
