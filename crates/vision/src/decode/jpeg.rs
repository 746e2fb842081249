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
    // Headers are read leniently: cameras and editors leave junk between segments that harms no pixel.
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options().set_strict_mode(false));
    decoder.decode_headers().map_err(explain)?;
    let info = decoder.info().ok_or_else(|| DecodeError::Damaged("it has no frame header".into()))?;
    let orientation =
        decoder.exif().and_then(|chunk| Orientation::from_exif_chunk(chunk)).unwrap_or(Orientation::NoTransforms);
    Ok((decoder, info.width.into(), info.height.into(), orientation))
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
                UnsupportedSchemes::ExtendedSequentialHuffman => "12-bit JPEG",
                UnsupportedSchemes::LosslessHuffman | UnsupportedSchemes::LosslessArithmetic => "Lossless JPEG",
                _ => "Arithmetic-coded JPEG",
            },
        },
        DecodeErrors::ExhaustedData | DecodeErrors::IoErrors(_) => DecodeError::Damaged("it ends too early".into()),
        other => DecodeError::Damaged(format!("{other:?}").trim_matches('"').to_owned()),
    }
}
