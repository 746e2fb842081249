//! Small pictures that a backbone can tell apart, and broken ones.

use crate::files::File;
use fastrand::Rng;
use image::{
    ImageEncoder, ImageFormat, Rgb, RgbImage,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
};
use std::io::Cursor;

/// Width and height of a drawn picture, in pixels.
pub const SIDE: u32 = 96;
const NOISE: i32 = 24;
const JPEG_QUALITY: u8 = 85;

/// What a drawn picture shows: the two classes that the tests teach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motif {
    Circles,
    Stripes,
}

impl Motif {
    /// The label that goes with it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Circles => "circles",
            Self::Stripes => "stripes",
        }
    }

    /// Draws one; other seeds give other colours, sizes and noise.
    pub fn draw(self, seed: u64) -> RgbImage {
        let mut rng = Rng::with_seed(seed ^ ((self as u64) << 32));
        let [paper, ink] = colours(&mut rng);
        let inside = self.shape(&mut rng);
        RgbImage::from_fn(SIDE, SIDE, |x, y| {
            let Rgb(colour) = if inside(x as f32, y as f32) { ink } else { paper };
            Rgb(colour.map(|channel| noisy(channel, &mut rng)))
        })
    }

    /// `count` different JPEG files, named after the motif.
    pub fn files(self, count: u64) -> Vec<File> {
        self.files_from(0, count)
    }

    /// `count` files that are different from those of other seeds.
    pub fn files_from(self, first_seed: u64, count: u64) -> Vec<File> {
        (first_seed..first_seed + count)
            .map(|seed| File::new(format!("{}-{seed}.jpg", self.label()), jpeg(&self.draw(seed))))
            .collect()
    }

    fn shape(self, rng: &mut Rng) -> Box<dyn Fn(f32, f32) -> bool> {
        match self {
            Self::Circles => {
                let circles: Vec<[f32; 3]> = (0..rng.u32(1..=3))
                    .map(|_| [between(rng, 25.0, 70.0), between(rng, 25.0, 70.0), between(rng, 12.0, 22.0)])
                    .collect();
                Box::new(move |x, y| circles.iter().any(|[cx, cy, r]| (x - cx).hypot(y - cy) < *r))
            }
            Self::Stripes => {
                let (period, slant) = (between(rng, 9.0, 18.0), between(rng, -0.3, 0.3));
                Box::new(move |x, y| (x + slant * y).rem_euclid(period) < period / 2.0)
            }
        }
    }
}

/// JPEG bytes.
pub fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(picture, JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY));
    bytes
}

/// JPEG bytes whose EXIF data say how to turn the picture upright (1 to 8).
pub fn jpeg_with_orientation(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    // TIFF, little-endian; one directory at byte 8 with one entry: tag 0x0112, a SHORT, one value.
    let mut exif = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    encoder.set_exif_metadata(exif).expect("JPEG holds EXIF data");
    write(picture, encoder);
    bytes
}

/// PNG bytes.
pub fn png(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(picture, PngEncoder::new(&mut bytes));
    bytes
}

/// WebP bytes.
pub fn webp(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(picture, WebPEncoder::new_lossless(&mut bytes));
    bytes
}

/// The bytes of any format that needs no settings.
pub fn written(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a small picture fits every format");
    bytes.into_inner()
}

/// A photo of which only the first half arrived.
pub fn truncated(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// The mean difference of two pictures' channels, 0 to 255.
pub fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

/// A PNG of a few hundred bytes whose header claims 900 megapixels.
pub fn png_bomb() -> Vec<u8> {
    const HEADER: std::ops::Range<usize> = 12..29;
    let mut bytes = png(&RgbImage::new(1, 1));
    bytes[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let checksum = crc32fast::hash(&bytes[HEADER]);
    bytes[HEADER.end..HEADER.end + 4].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

/// A JPEG of a few kilobytes whose frame header claims 4,000 megapixels.
pub fn jpeg_bomb() -> Vec<u8> {
    let mut bytes = jpeg(&Motif::Circles.draw(0));
    // The frame header: its marker FFC0, two bytes of length, one of precision, then height and width.
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a baseline JPEG has a frame header");
    bytes[frame + 5..frame + 9].fill(0xff);
    bytes
}

fn write(picture: &RgbImage, encoder: impl ImageEncoder) {
    picture.write_with_encoder(encoder).expect("a small picture fits every format");
}

/// A light and a dark colour of any hue.
fn colours(rng: &mut Rng) -> [Rgb<u8>; 2] {
    let mut pick = |from: u8| Rgb([rng.u8(from..from + 90), rng.u8(from..from + 90), rng.u8(from..from + 90)]);
    [pick(150), pick(10)]
}

fn between(rng: &mut Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.f32()
}

fn noisy(channel: u8, rng: &mut Rng) -> u8 {
    (i32::from(channel) + rng.i32(-NOISE..=NOISE)).clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::guess_format;

    #[test]
    fn pictures_are_of_their_format_and_all_different() {
        let picture = Motif::Circles.draw(1);
        assert_eq!(guess_format(&jpeg(&picture)).expect("a known format"), ImageFormat::Jpeg);
        assert_eq!(guess_format(&png(&picture)).expect("a known format"), ImageFormat::Png);
        assert_eq!(guess_format(&webp(&picture)).expect("a known format"), ImageFormat::WebP);
        assert_ne!(picture, Motif::Circles.draw(2));
        assert_ne!(picture, Motif::Stripes.draw(1));
    }

    #[test]
    fn bombs_claim_to_be_huge() {
        let size = |bytes: Vec<u8>| {
            image::ImageReader::new(std::io::Cursor::new(bytes))
                .with_guessed_format()
                .expect("memory can be read")
                .into_dimensions()
                .expect("the header is in order")
        };
        assert_eq!(size(png_bomb()), (30_000, 30_000));
        assert_eq!(size(jpeg_bomb()), (65_535, 65_535));
    }
}
