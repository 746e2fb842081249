//! A large JPEG at a half, a quarter or an eighth of its size: whole blocks of 8×8 coefficients become 4×4, 2×2 or 1×1
//! pixels, so that most of the arithmetic and of the memory is saved, and what is left is smoothed already.

use super::scan;
use image::RgbImage;
use jpeg_decoder::{Decoder, PixelFormat};

/// What a side can be divided by.
const DIVISORS: [u32; 3] = [8, 4, 2];

/// The pixels as stored, reduced as far as the shorter side stays at least `short_side`. None where there is nothing to
/// gain or anything unusual about the file: then the other decoder, which is strict, has the word.
pub fn decode(bytes: &[u8], (width, height): (u32, u32), short_side: u32) -> Option<RgbImage> {
    let shorter = width.min(height);
    let divisor = DIVISORS.into_iter().find(|divisor| shorter / divisor >= short_side)?;
    // This decoder shows what is missing as grey.
    if !scan::is_whole(bytes) {
        return None;
    }
    let mut decoder = Decoder::new(bytes);
    let side = |side: u32| u16::try_from(side.div_ceil(divisor)).ok();
    let (width, height) = decoder.scale(side(width)?, side(height)?).ok()?;
    let pixels = decoder.decode().ok()?;
    let pixels = match decoder.info()?.pixel_format {
        PixelFormat::RGB24 => pixels,
        PixelFormat::L8 => pixels.into_iter().flat_map(|grey| [grey; 3]).collect(),
        // Inks: which way round they are is not for this decoder to guess.
        PixelFormat::CMYK32 | PixelFormat::L16 => return None,
    };
    RgbImage::from_raw(width.into(), height.into(), pixels)
}
