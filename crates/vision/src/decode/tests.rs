//! Pictures drawn here, stored as each format, and spoiled.

use super::*;
use image::{
    ColorType, ExtendedColorType, ImageEncoder, ImageFormat, Rgb, Rgba, RgbaImage, codecs::jpeg::JpegEncoder,
    codecs::png::PngEncoder, codecs::webp::WebPEncoder,
};
use std::io::Cursor;

/// Red at the left, blue at the right, 64×32.
fn halves() -> RgbImage {
    RgbImage::from_fn(64, 32, |x, _| if x < 32 { Rgb([250, 5, 5]) } else { Rgb([5, 5, 250]) })
}

fn encode(encoder: impl ImageEncoder, picture: &RgbImage) {
    encoder.write_image(picture, picture.width(), picture.height(), ExtendedColorType::Rgb8).expect("a small picture");
}

fn files(picture: &RgbImage) -> [(Format, Vec<u8>); 6] {
    let [mut jpeg, mut png, mut webp] = [const { Vec::new() }; 3];
    encode(JpegEncoder::new_with_quality(&mut jpeg, 95), picture);
    encode(PngEncoder::new(&mut png), picture);
    encode(WebPEncoder::new_lossless(&mut webp), picture);
    let written = |format| {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a small picture");
        bytes.into_inner()
    };
    [
        (Format::Jpeg, jpeg),
        (Format::Png, png),
        (Format::WebP, webp),
        (Format::Gif, written(ImageFormat::Gif)),
        (Format::Bmp, written(ImageFormat::Bmp)),
        (Format::Tiff, written(ImageFormat::Tiff)),
    ]
}

/// A JPEG of [`halves`] whose EXIF notes an orientation.
fn rotated(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, 95);
    encoder.set_exif_metadata(exif).expect("JPEG carries EXIF");
    encode(encoder, &halves());
    jpeg
}

fn near(a: Rgb<u8>, b: [u8; 3]) -> bool {
    a.0.iter().zip(b).all(|(&a, b)| a.abs_diff(b) < 30)
}

fn failure(bytes: &[u8]) -> DecodeError {
    decode(bytes, &Limits::default()).expect_err("a file that can't be decoded")
}

#[test]
fn each_format_is_told_by_its_content() {
    for (format, bytes) in files(&halves()) {
        let header = probe(&bytes, &Limits::default()).expect("a sound file");
        assert_eq!((header.format, header.width, header.height), (format, 64, 32));
        assert!(header.memory >= 3 * 64 * 32);
        let decoded = decode(&bytes, &Limits::default()).expect("a sound file");
        assert_eq!(decoded.format, format);
        assert!(near(*decoded.rgb.get_pixel(8, 16), [250, 5, 5]));
        assert!(near(*decoded.rgb.get_pixel(56, 16), [5, 5, 250]));
    }
}

#[test]
fn a_file_cut_short_is_damaged() {
    // Noise, so that the pixels fill most of the file.
    let noise = RgbImage::from_fn(96, 96, |x, y| Rgb([x * 7 + y * 13, x * y * 31, (x ^ y) * 5].map(|n| n as u8)));
    for (format, bytes) in files(&noise) {
        for tenths in 1..10 {
            let cut = &bytes[..bytes.len() * tenths / 10];
            assert!(matches!(failure(cut), DecodeError::Damaged(_)), "{format:?} cut to {tenths} tenths");
        }
    }
}

#[test]
fn a_changed_byte_never_panics() {
    for (_, bytes) in files(&halves()) {
        for at in (0..bytes.len()).step_by(3) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            // Either answer is right; crashing is not.
            let _ = (probe(&changed, &Limits::default()), decode(&changed, &Limits { max_pixels: 1 << 20 }));
        }
    }
}

#[test]
fn orientation_is_honoured() {
    // Where red lies when the picture is seen: at the left, the right, the top or the bottom.
    for (orientation, red) in [(1, (2, 16)), (2, (61, 16)), (3, (61, 16)), (6, (16, 2)), (8, (16, 61))] {
        let bytes = rotated(orientation);
        let header = probe(&bytes, &Limits::default()).expect("a sound file");
        let rgb = decode(&bytes, &Limits::default()).expect("a sound file").rgb;
        assert_eq!((header.width, header.height), rgb.dimensions());
        assert!(near(*rgb.get_pixel(red.0, red.1), [250, 5, 5]), "orientation {orientation}");
    }
}

#[test]
fn an_orientation_that_does_not_exist_is_ignored() {
    assert_eq!(decode(&rotated(99), &Limits::default()).expect("sound pixels").rgb.dimensions(), (64, 32));
}

#[test]
fn too_many_pixels_are_refused_by_the_header() {
    let limits = Limits { max_pixels: 64 * 32 - 1 };
    for (_, bytes) in files(&halves()) {
        let expected = DecodeError::TooManyPixels { pixels: 64 * 32, limit: limits.max_pixels };
        assert_eq!(probe(&bytes, &limits), Err(expected.clone()));
        assert_eq!(decode(&bytes, &limits).expect_err("too large"), expected);
    }
}

#[test]
fn a_promise_of_pixels_costs_no_memory() {
    // A PNG header of 30000×30000 pixels, and nothing behind it.
    let (_, mut png) = files(&halves())[1].clone();
    png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(matches!(failure(&png), DecodeError::TooManyPixels { pixels: 900_000_000, .. }));
}

/// The checksum of a PNG chunk, from the format's specification.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, &byte: &u8| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

#[test]
fn every_png_becomes_rgb_on_white() {
    let png = |pixels: &[u8], color: ColorType| {
        let mut bytes = Vec::new();
        PngEncoder::new(&mut bytes).write_image(pixels, 1, 1, color.into()).expect("one pixel");
        decode(&bytes, &Limits::default()).expect("a sound file").rgb.get_pixel(0, 0).0
    };
    assert_eq!(png(&[10, 20, 30, 0], ColorType::Rgba8), [255, 255, 255]);
    assert_eq!(png(&[0, 100, 200, 128], ColorType::Rgba8), [127, 177, 227]);
    assert_eq!(png(&[77], ColorType::L8), [77, 77, 77]);
    assert_eq!(png(&[77, 0], ColorType::La8), [255, 255, 255]);
    assert_eq!(png(&0x8000u16.to_ne_bytes(), ColorType::L16), [128, 128, 128]);
}

#[test]
fn a_grey_jpeg_becomes_rgb() {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 95)
        .write_image(&[90; 64], 8, 8, ExtendedColorType::L8)
        .expect("a small picture");
    let rgb = decode(&jpeg, &Limits::default()).expect("a sound file").rgb;
    assert!(near(*rgb.get_pixel(4, 4), [90, 90, 90]));
}

#[test]
fn a_jpeg_of_twelve_bits_is_named() {
    let mut bytes = files(&halves())[0].1.clone();
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a baseline JPEG");
    bytes[frame + 4] = 12;
    assert!(matches!(failure(&bytes), DecodeError::Unsupported { format: "12-bit JPEG", .. }));
}

#[test]
fn a_photo_with_a_wrong_pixel_is_read_but_not_one_that_is_cut_short_too() {
    // A grey JPEG whose scan begins with a code that does not exist.
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 95)
        .write_image(&[90; 4096], 64, 64, ExtendedColorType::L8)
        .expect("a small picture");
    let scan = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDA]).expect("a scan");
    let start = scan + 2 + usize::from(jpeg[scan + 3]);
    jpeg.splice(start..start + 4, [0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0]);
    assert_eq!(decode(&jpeg, &Limits::default()).expect("all of it is there").rgb.dimensions(), (64, 64));
    assert!(matches!(failure(&jpeg[..jpeg.len() - 2]), DecodeError::Damaged(_)));
}

#[test]
fn what_is_transparent_in_a_gif_is_white() {
    let picture = RgbaImage::from_fn(8, 8, |x, _| if x < 4 { Rgba([250, 5, 5, 255]) } else { Rgba([0; 4]) });
    let mut gif = Cursor::new(Vec::new());
    picture.write_to(&mut gif, ImageFormat::Gif).expect("a small picture");
    let rgb = decode(gif.get_ref(), &Limits::default()).expect("a sound file").rgb;
    assert!(near(*rgb.get_pixel(1, 1), [250, 5, 5]));
    assert!(near(*rgb.get_pixel(6, 1), [255, 255, 255]));
}

#[test]
fn wide_pixels_are_charged_for_and_refused_where_they_cannot_fit() {
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(&[0; 64 * 32 * 8], 64, 32, ExtendedColorType::Rgba16)
        .expect("a small picture");
    assert_eq!(probe(&png, &Limits::default()).expect("a sound file").memory, 64 * 32 * 8);
    // The same header with 100 megapixels.
    png[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(matches!(failure(&png), DecodeError::TooMuchMemory { needed: 800_000_000, .. }));
}

/// A photo of 1600×1200 pixels, more or less.
fn large() -> (RgbImage, Vec<u8>) {
    let picture = RgbImage::from_fn(1600, 1200, |x, y| {
        Rgb([(x / 7) as u8, (y / 5) as u8, if (x / 90 + y / 70) % 2 == 0 { 200 } else { 40 }])
    });
    let mut jpeg = Vec::new();
    encode(JpegEncoder::new_with_quality(&mut jpeg, 92), &picture);
    (picture, jpeg)
}

#[test]
fn a_large_jpeg_is_reduced_as_far_as_asked() {
    let (picture, jpeg) = large();
    for (short_side, width, height) in
        [(1200, 1600, 1200), (601, 1600, 1200), (600, 800, 600), (256, 400, 300), (9, 200, 150)]
    {
        let reduced = decode_reduced(&jpeg, &Limits::default(), short_side).expect("a JPEG");
        assert_eq!((reduced.width, reduced.height), (1600, 1200), "what the file holds stays known");
        assert_eq!(reduced.rgb.dimensions(), (width, height));
        // It looks as the whole picture does, made smaller.
        let smaller = image::imageops::thumbnail(&picture, width, height);
        let differences: u64 = smaller.iter().zip(reduced.rgb.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let mean = differences as f64 / smaller.len() as f64;
        assert!(mean < 4.0, "{width}×{height}: {mean}");
    }
}

#[test]
fn a_large_jpeg_cut_short_is_damaged_reduced_too() {
    let (_, jpeg) = large();
    for kept in [jpeg.len() / 2, jpeg.len() * 9 / 10] {
        let reduced = decode_reduced(&jpeg[..kept], &Limits::default(), 256).map(|decoded| decoded.rgb.dimensions());
        let error = reduced.expect_err("it is cut short");
        assert!(matches!(error, DecodeError::Damaged(_)), "{error:?}");
    }
}
