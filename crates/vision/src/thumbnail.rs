//! The small picture of the grid.

use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer, images::Image};
use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder};
use thiserror::Error;

/// JPEG quality, 1 to 100: above this a picture this small only grows in bytes.
const QUALITY: u8 = 80;

/// A thumbnail could not be made: a defect or a lack of memory, never the fault of the picture.
#[derive(Debug, Error)]
pub enum ThumbnailError {
    #[error("the picture could not be made smaller: {0}")]
    Resize(#[from] fast_image_resize::ResizeError),
    #[error("the picture could not be made smaller: {0}")]
    Crop(#[from] fast_image_resize::ImageBufferError),
    #[error("the thumbnail could not be written: {0}")]
    Encode(#[from] image::ImageError),
}

/// A JPEG whose longest side is at most [`dto::limits::THUMBNAIL_SIDE`] pixels, never larger than the picture, and
/// without any metadata (a photo's may say where it was taken).
pub fn thumbnail(rgb: &RgbImage) -> Result<Vec<u8>, ThumbnailError> {
    let (width, height) = fit(rgb.width(), rgb.height(), dto::limits::THUMBNAIL_SIDE);
    let mut small = Image::new(width, height, fast_image_resize::PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new().resize(rgb, &mut small, &options)?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).write_image(
        small.buffer(),
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(jpeg)
}

/// The largest size of the same shape whose sides are at most `side`, never enlarged, and at least one pixel.
fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= side {
        return (width, height);
    }
    let scaled = |length: u32| {
        let rounded = (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest);
        (rounded as u32).max(1)
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_shape_and_never_enlarges() {
        assert_eq!(fit(4000, 3000, 256), (256, 192));
        assert_eq!(fit(3000, 4000, 256), (192, 256));
        assert_eq!(fit(4000, 2, 256), (256, 1));
        assert_eq!(fit(100, 50, 256), (100, 50));
        assert_eq!(fit(1, 1, 256), (1, 1));
    }

    #[test]
    fn is_a_small_jpeg() {
        let jpeg = thumbnail(&RgbImage::new(1000, 3)).expect("an ordinary picture");
        let small = crate::decode::decode(&jpeg, &Default::default()).expect("a JPEG");
        assert_eq!(small.rgb.dimensions(), (256, 1));
        assert_eq!(small.format, crate::decode::Format::Jpeg);
    }
}
