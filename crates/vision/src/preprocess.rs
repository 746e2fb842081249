//! From a picture of any shape to the square that every backbone sees.

use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer, images::Image};
use image::RgbImage;

/// The version of what [`preprocess`] does. Embeddings of different versions can't be mixed; a model's card names it.
pub const PREPROCESSING: &str = "resize256-centercrop224-bilinear-2";

/// The same, and then turned left to right.
pub const MIRRORED: &str = "resize256-centercrop224-bilinear-2-mirrored";

/// The side of the square, in pixels.
pub const SIDE: u32 = 224;
/// The length that the shorter side would be resized to, in pixels: a picture of this size loses nothing.
pub const SHORT_SIDE: u32 = 256;
const CHANNELS: usize = 3;

/// A square of 224×224 pixels: 8-bit RGB, row by row, the channels of a pixel together (HWC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crop(Box<[u8]>);

impl Crop {
    /// How many bytes a crop has.
    pub const BYTES: usize = (SIDE * SIDE) as usize * CHANNELS;

    pub fn pixels(&self) -> &[u8] {
        &self.0
    }

    /// The same, turned left to right.
    pub fn mirrored(&self) -> Self {
        let mut pixels = self.0.clone();
        mirror(&mut pixels);
        Self(pixels)
    }
}

/// Turns the pixels of a crop left to right.
pub fn mirror(pixels: &mut [u8]) {
    for row in pixels.chunks_exact_mut(SIDE as usize * CHANNELS) {
        row.as_chunks_mut::<CHANNELS>().0.reverse();
    }
}

/// Resizes the shorter side to 256 pixels and cuts 224×224 from the centre: what torchvision's `Resize(256)` and
/// `CenterCrop(224)` do, bilinear with antialiasing. Cutting comes first here, so that a picture of 4000×2 pixels
/// never becomes one of 512000×256.
pub fn preprocess(rgb: &RgbImage) -> Crop {
    let (left, top, side) = centre(rgb.width(), rgb.height());
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).crop(left, top, side, side);
    let mut square = Image::new(SIDE, SIDE, PixelType::U8x3);
    Resizer::new()
        .resize(rgb, &mut square, &options)
        .expect("both pictures are RGB, and the square lies within the picture");
    Crop(square.into_vec().into_boxed_slice())
}

/// The square of the picture that is seen, in the picture's pixels: its left, its top and its side.
fn centre(width: u32, height: u32) -> (f64, f64, f64) {
    let (width, height) = (f64::from(width), f64::from(height));
    let side = width.min(height) * f64::from(SIDE) / f64::from(SHORT_SIDE);
    ((width - side) / 2.0, (height - side) / 2.0, side)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn sees_the_centre() {
        assert_eq!(centre(256, 256), (16.0, 16.0, 224.0));
        assert_eq!(centre(1024, 512), (288.0, 32.0, 448.0));
        assert_eq!(centre(4000, 2), (1999.125, 0.125, 1.75));
    }

    #[test]
    fn a_picture_of_its_own_scale_is_only_cut() {
        let picture = RgbImage::from_fn(300, 256, |x, y| Rgb([(x % 256) as u8, y as u8, 7]));
        let crop = preprocess(&picture);
        assert_eq!(crop.pixels()[..3], [38, 16, 7]);
        assert_eq!(crop.pixels()[Crop::BYTES - 3..], [((38 + 223) % 256) as u8, 239, 7]);
    }

    #[test]
    fn mirrors_pixel_by_pixel() {
        let picture = RgbImage::from_fn(256, 256, |x, y| Rgb([x as u8, y as u8, 7]));
        let (crop, mirrored) = (preprocess(&picture), preprocess(&picture).mirrored());
        assert_eq!(mirrored.pixels()[..3], crop.pixels()[223 * 3..224 * 3]);
        assert_eq!(mirrored.mirrored(), crop);
    }

    #[test]
    fn any_shape_becomes_the_square() {
        for (width, height) in [(1, 1), (2, 4000), (4000, 2), (1, 3), (225, 223)] {
            let crop = preprocess(&RgbImage::from_pixel(width, height, Rgb([10, 20, 30])));
            assert_eq!(crop.pixels().len(), Crop::BYTES);
            assert!(crop.pixels().chunks(3).all(|pixel| pixel == [10, 20, 30]));
        }
    }
}
