//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.

use super::{DecodeError, Limits};
use image::{RgbImage, metadata::Orientation};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::{
    JpegDecoder,
    errors::{DecodeErrors, UnsupportedSchemes},
};

type Decoder<'a> = JpegDecoder<ZCursor<&'a [u8]>>;

/// Width and height as stored, and how to turn them upright.
pub fn header(bytes: &[u8]) -> Result<(u32, u32, Orientation), DecodeError> {
    read_header(bytes).map(|(_, width, height, orientation)| (width, height, orientation))
}

/// The pixels as stored, and how to turn them upright.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<(RgbImage, Orientation), DecodeError> {
    let (mut decoder, width, height, orientation) = read_header(bytes)?;
    limits.check(width, height)?;
    // From here on what is cut short or damaged is an error rather than grey.
    decoder.set_options(options().set_strict_mode(true));
    let pixels = decoder.decode().map_err(explain)?;
    let rgb = RgbImage::from_raw(width, height, pixels)
        .ok_or_else(|| DecodeError::Damaged("it has fewer pixels than its header says".into()))?;
    Ok((rgb, orientation))
}

fn read_header(bytes: &[u8]) -> Result<(Decoder<'_>, u32, u32, Orientation), DecodeError> {
    check_precision(bytes)?;
    // Headers are read leniently: cameras and editors leave junk between segments that harms no pixel.
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options().set_strict_mode(false));
    decoder.decode_headers().map_err(explain)?;
    let info = decoder.info().ok_or_else(|| DecodeError::Damaged("it has no frame header".into()))?;
    let orientation =
        decoder.exif().and_then(|chunk| Orientation::from_exif_chunk(chunk)).unwrap_or(Orientation::NoTransforms);
    Ok((decoder, info.width.into(), info.height.into(), orientation))
}

/// Names the JPEGs of more than 8 bits, which no decoder here reads, rather than calling them damaged.
fn check_precision(bytes: &[u8]) -> Result<(), DecodeError> {
    let mut at = 2;
    // Segments up to the frame header, each a marker and a length; anything else is left to the decoder.
    while let Some(&[0xFF, marker, high, low, precision]) = bytes.get(at..at + 5) {
        match marker {
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                return if precision == 8 { Ok(()) } else { Err(DecodeError::Unsupported { format: "12-bit JPEG" }) };
            }
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    Ok(())
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
        },
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => DecodeError::Damaged("it ends too early".into()),
        other => {
            tracing::debug!(error = ?other, "a JPEG can't be decoded");
            DecodeError::Damaged("its pixels can't be read".into())
        }
    }
}
