//! Pixels of any kind become RGB of 8 bits, where they are if there is room: a second copy of a large picture may be
//! what the machine has not.

use image::ColorType;

/// To 8-bit RGB: 16 bits are scaled, grey is repeated, and what is transparent shows white, as on paper.
pub fn flatten(pixels: Vec<u8>, color: ColorType) -> Vec<u8> {
    match color {
        ColorType::Rgb8 => pixels,
        ColorType::L8 => map(pixels, |&[grey]: &[u8; 1]| [grey; 3]),
        ColorType::La8 => map(pixels, |&[grey, alpha]: &[u8; 2]| on_white([grey; 3], alpha)),
        ColorType::Rgba8 => map(pixels, |&[red, green, blue, alpha]: &[u8; 4]| on_white([red, green, blue], alpha)),
        ColorType::L16 => map(pixels, |pixel: &[u8; 2]| [from_16(pixel)[0]; 3]),
        ColorType::La16 => map(pixels, |pixel: &[u8; 4]| {
            let channels = from_16(pixel);
            on_white([channels[0]; 3], channels[1])
        }),
        ColorType::Rgb16 => map(pixels, |pixel: &[u8; 6]| from_16(pixel)),
        ColorType::Rgba16 => map(pixels, |pixel: &[u8; 8]| {
            let alpha = from_16(&[pixel[6], pixel[7]]);
            on_white(from_16(pixel), alpha[0])
        }),
        ColorType::Rgb32F => map(pixels, |pixel: &[u8; 12]| from_float(pixel)),
        // Rgba32F; the library may add kinds, none of which its decoders for these formats yield today.
        _ => map(pixels, |pixel: &[u8; 16]| {
            let alpha = from_float(&[pixel[12], pixel[13], pixel[14], pixel[15]]);
            on_white(from_float(pixel), alpha[0])
        }),
    }
}

fn map<const BYTES: usize>(mut pixels: Vec<u8>, rgb: impl Fn(&[u8; BYTES]) -> [u8; 3]) -> Vec<u8> {
    if BYTES < 3 {
        return pixels.as_chunks().0.iter().flat_map(rgb).collect();
    }
    let count = pixels.len() / BYTES;
    for at in 0..count {
        let mut pixel = [0; BYTES];
        pixel.copy_from_slice(&pixels[at * BYTES..][..BYTES]);
        // Never past what was just read, as a pixel has three bytes at least.
        pixels[at * 3..][..3].copy_from_slice(&rgb(&pixel));
    }
    pixels.truncate(count * 3);
    pixels.shrink_to_fit();
    pixels
}

fn on_white(rgb: [u8; 3], alpha: u8) -> [u8; 3] {
    let alpha = u16::from(alpha);
    rgb.map(|value| ((u16::from(value) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}

/// The first channels of 16 bits each, in this machine's byte order, as 8 bits.
fn from_16(bytes: &[u8]) -> [u8; 3] {
    let mut channels = [0; 3];
    for (channel, bytes) in channels.iter_mut().zip(bytes.as_chunks().0) {
        *channel = ((u32::from(u16::from_ne_bytes(*bytes)) + 128) / 257) as u8;
    }
    channels
}

/// The first channels of 32-bit floats from 0 to 1, in this machine's byte order, as 8 bits.
fn from_float(bytes: &[u8]) -> [u8; 3] {
    let mut channels = [0; 3];
    for (channel, bytes) in channels.iter_mut().zip(bytes.as_chunks().0) {
        *channel = (f32::from_ne_bytes(*bytes) * 255.0).round() as u8;
    }
    channels
}
