//! What must hold of any bytes that somebody uploads as a picture.

use vision::{Limits, SHORT_SIDE, decode, decode_reduced, preprocess, probe, thumbnail};

/// A megapixel: larger ones would only be slower.
const LIMITS: Limits = Limits { max_pixels: 1 << 20 };

pub fn check(bytes: &[u8]) {
    let header = probe(bytes, &LIMITS);
    match decode(bytes, &LIMITS) {
        Ok(picture) => {
            let header = header.expect("what can be decoded has a header");
            assert_eq!(picture.format, header.format);
            assert_eq!((picture.width, picture.height), (header.width, header.height));
            assert_eq!(picture.rgb.dimensions(), (header.width, header.height));
            assert!(u64::from(picture.width) * u64::from(picture.height) <= LIMITS.max_pixels);
            thumbnail(&picture.rgb).expect("every picture has a thumbnail");
            let _ = preprocess(&picture.rgb);
            let reduced = decode_reduced(bytes, &LIMITS, SHORT_SIDE).expect("it can be decoded whole");
            assert_eq!((reduced.width, reduced.height), (header.width, header.height));
        }
        Err(error) => assert!(!error.to_string().is_empty(), "a person is told why"),
    }
}
