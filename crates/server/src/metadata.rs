//! Taking out of a picture's file what says when, where, by whom and with what it was made: the pixels stay bit for bit,
//! and so does which way is up.

use bytes::Bytes;
use img_parts::{
    ImageEXIF,
    jpeg::{Jpeg, markers},
    png::Png,
    riff::RiffContent,
    webp::WebP,
};
use vision::{Format, Header, Limits, probe};

/// Chunks of a PNG that describe instead of show.
const PNG_NOTES: [[u8; 4]; 5] = [*b"tEXt", *b"zTXt", *b"iTXt", *b"eXIf", *b"tIME"];
/// In the first byte of an extended WebP; that there is EXIF is kept right by whoever writes it.
const XMP_IS_THERE: u8 = 0b100;
const WEBP_NOTES: [[u8; 4]; 2] = [*b"EXIF", *b"XMP "];
/// JFIF's segment without a thumbnail.
const JFIF_BYTES: usize = 14;
/// Colours depend on it.
const COLOUR_PROFILE: &[u8] = b"ICC_PROFILE\0";

/// The same picture without its notes; none where they can't be taken out: of GIF and TIFF, and of files that are not
/// built as they should be.
pub fn strip(bytes: &Bytes, header: &Header, limits: &Limits) -> Option<Bytes> {
    let upright = (header.orientation > 1).then(|| orientation_note(header.orientation));
    let stripped = match header.format {
        Format::Jpeg => jpeg(bytes, upright)?,
        Format::Png => png(bytes, upright)?,
        Format::WebP => webp(bytes, upright)?,
        // Has no room for notes.
        Format::Bmp => bytes.clone(),
        Format::Gif | Format::Tiff => return None,
    };
    let same = probe(&stripped, limits)
        .is_ok_and(|now| (now.width, now.height, now.orientation) == (header.width, header.height, header.orientation));
    same.then_some(stripped)
}

fn jpeg(bytes: &Bytes, upright: Option<Bytes>) -> Option<Bytes> {
    let mut jpeg = Jpeg::from_bytes(bytes.clone()).ok()?;
    jpeg.segments_mut().retain(|segment| match segment.marker() {
        // Density, and how colours are stored. A thumbnail in there shows what was perhaps cut away since.
        markers::APP0 => segment.contents().len() <= JFIF_BYTES,
        markers::APP14 => true,
        markers::APP2 => segment.contents().starts_with(COLOUR_PROFILE),
        markers::APP1..=markers::APP15 | markers::COM => false,
        _ => true,
    });
    jpeg.set_exif(upright);
    let stripped = jpeg.encoder().bytes();
    Some(stripped.slice(..end_of_picture(&stripped)?))
}

/// Where a JPEG ends, behind which phones append films and depth maps; none if notes stand among the pixels.
fn end_of_picture(jpeg: &[u8]) -> Option<usize> {
    let mut at = 2;
    let mut among_pixels = false;
    while let Some(&[first, second]) = jpeg.get(at..).and_then(|rest| rest.first_chunk()) {
        at += match (first, second) {
            (markers::P, markers::EOI) => return Some(at + 2),
            // A byte of pixels, a stuffed one, a fill byte, or a restart.
            (markers::P, markers::P) => 1,
            (markers::P, 0 | 1 | markers::RST0..=markers::RST7) => 2,
            (markers::P, markers::APP1..=markers::APP15 | markers::COM) if among_pixels => return None,
            (markers::P, marker) => {
                among_pixels |= marker == markers::SOS;
                let length = jpeg.get(at + 2..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))?;
                2 + usize::from(length)
            }
            _ => 1,
        };
    }
    Some(jpeg.len())
}

fn png(bytes: &Bytes, upright: Option<Bytes>) -> Option<Bytes> {
    let mut png = Png::from_bytes(bytes.clone()).ok()?;
    png.chunks_mut().retain(|chunk| !PNG_NOTES.contains(&chunk.kind()));
    png.set_exif(upright);
    Some(png.encoder().bytes())
}

fn webp(bytes: &Bytes, upright: Option<Bytes>) -> Option<Bytes> {
    let mut webp = WebP::from_bytes(bytes.clone()).ok()?;
    webp.chunks_mut().retain(|chunk| !WEBP_NOTES.contains(&chunk.id()));
    for chunk in webp.chunks_mut() {
        if let (true, RiffContent::Data(data)) = (chunk.id() == *b"VP8X", chunk.content_mut())
            && let Some((flags, rest)) = data.split_first()
        {
            *data = [&[flags & !XMP_IS_THERE][..], rest].concat().into();
        }
    }
    webp.set_exif(upright);
    Some(webp.encoder().bytes())
}

/// EXIF with one entry: which way is up.
fn orientation_note(orientation: u8) -> Bytes {
    // TIFF, little-endian; one directory at byte 8 with one entry: tag 0x0112, a SHORT, one value; no second directory.
    let mut exif = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.into()
}
