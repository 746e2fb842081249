//! Telling what a file is from its first bytes. Its name is never asked: it is the sender's word.

use super::DecodeError;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    WebP,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::WebP];

    /// The name that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The format of a stored name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == text)
    }

    /// The media type to serve such a file with.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// The format of a file's content.
///
/// # Errors
/// [`DecodeError::Unsupported`] names a picture format that Pupil knows of but does not read;
/// [`DecodeError::NotAnImage`] is everything else.
pub fn sniff(bytes: &[u8]) -> Result<Format, DecodeError> {
    match bytes {
        [] => Err(DecodeError::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Format::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Format::WebP),
        _ => Err(unsupported(bytes).map_or(DecodeError::NotAnImage, |format| DecodeError::Unsupported { format })),
    }
}

/// The name of a picture format that is known by sight only.
fn unsupported(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'G', b'I', b'F', b'8', ..] => Some("GIF"),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some("TIFF"),
        // Bytes 6 to 10 of a bitmap are reserved and zero; two letters alone would claim many a text.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some("BMP"),
        [0, 0, 1, 0, ..] => Some("ICO"),
        [b'8', b'B', b'P', b'S', ..] => Some("Photoshop"),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Some("JPEG XL"),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => Some("JPEG 2000"),
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.first_chunk::<4>()? {
            b"avif" | b"avis" => Some("AVIF"),
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Some("HEIC"),
            _ => None,
        },
        _ => is_svg(bytes).then_some("SVG"),
    }
}

/// Whether a text's root element is `svg`: looked for in the first kilobyte, after a declaration and comments.
fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let mut rest = start.trim_start_matches('\u{FEFF}').trim_start();
    while rest.starts_with("<?") || rest.starts_with("<!") {
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let Some(at) = rest.find(end) else { return false };
        rest = rest[at + end.len()..].trim_start();
    }
    rest.strip_prefix("<svg").is_some_and(|after| after.starts_with([' ', '>', '\t', '\r', '\n', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> DecodeError {
        sniff(bytes).expect_err("not one of the three formats")
    }

    #[test]
    fn names_what_it_does_not_read() {
        for (bytes, format) in [
            (&b"GIF89a..."[..], "GIF"),
            (b"II*\0........", "TIFF"),
            (b"BM\x36\x10\0\0\0\0\0\0", "BMP"),
            (b"\0\0\0\x18ftypheic....", "HEIC"),
            (b"\0\0\0\x20ftypavif....", "AVIF"),
            (b"<?xml version=\"1.0\"?>\n<!-- a > b -->\n<svg xmlns=\"\">", "SVG"),
        ] {
            assert_eq!(refused(bytes), DecodeError::Unsupported { format });
        }
    }

    #[test]
    fn other_files_are_no_pictures() {
        for bytes in [&b"hello"[..], b"<html><svg></svg></html>", b"PK\x03\x04", b"\xFF\xD8", b"BMW and Audi", b"ftyp"]
        {
            assert_eq!(refused(bytes), DecodeError::NotAnImage);
        }
        assert_eq!(refused(b""), DecodeError::Empty);
    }
}
