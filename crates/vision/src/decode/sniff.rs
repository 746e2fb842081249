//! Telling what a file is from its first bytes. Its name is never asked: it is the sender's word.

use super::DecodeError;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
}

impl Format {
    pub const ALL: [Self; 6] = [Self::Jpeg, Self::Png, Self::WebP, Self::Gif, Self::Bmp, Self::Tiff];

    /// The name that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
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
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
        }
    }

    /// Whether every browser shows such a file.
    pub const fn is_shown_by_browsers(self) -> bool {
        !matches!(self, Self::Tiff)
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
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Format::Gif),
        // Bytes 6 to 10 of a bitmap are reserved and zero; two letters alone would claim many a text.
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Ok(Format::Bmp),
        // A camera's own format in the clothes of a TIFF, whose first page is a tiny preview.
        [b'I', b'I', 42, 0, _, _, _, _, b'C', b'R', ..] => Err(RAW),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Format::Tiff),
        _ => Err(known_by_sight(bytes).unwrap_or(DecodeError::NotAnImage)),
    }
}

const RAW: DecodeError = unsupported("Camera RAW", "Export it as JPEG from the program that came with the camera.");

const fn unsupported(format: &'static str, remedy: &'static str) -> DecodeError {
    DecodeError::Unsupported { format, remedy }
}

/// The picture formats that are not read, each with the way out of it.
fn known_by_sight(bytes: &[u8]) -> Option<DecodeError> {
    const SAVE: &str = "Save it as JPEG or PNG and choose it again.";
    const HEIC: DecodeError = unsupported(
        "HEIC",
        "Set the iPhone's camera to “Most Compatible” (Settings, Camera, Formats), or export it as JPEG.",
    );
    const AVIF: DecodeError = unsupported("AVIF", SAVE);
    Some(match bytes {
        [0, 0, 1, 0, ..] => unsupported("Icon (ICO)", SAVE),
        [b'8', b'B', b'P', b'S', ..] => unsupported("Photoshop", "Export it as JPEG or PNG and choose that."),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => unsupported("JPEG XL", SAVE),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xFF, 0x4F, 0xFF, 0x51, ..] => unsupported("JPEG 2000", SAVE),
        [b'I', b'I', b'U', 0, ..] | [b'I', b'I', b'R', b'O' | b'S', ..] | [b'M', b'M', b'O', b'R', ..] => RAW,
        [b'F', b'U', b'J', b'I', b'F', b'I', b'L', b'M', b'C', b'C', b'D', ..] => RAW,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.first_chunk::<4>()? {
            b"avif" | b"avis" => AVIF,
            b"crx " => RAW,
            // The container's own brands say nothing of the codec; those it is compatible with do.
            b"mif1" | b"msf1" if brand[..brand.len().min(64)].windows(4).any(|other| other == b"avif") => AVIF,
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => HEIC,
            _ => return None,
        },
        _ if is_svg(bytes) => unsupported("SVG", "Export it as PNG and choose that."),
        _ => return None,
    })
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
        sniff(bytes).expect_err("not one of the formats that are read")
    }

    #[test]
    fn names_what_it_does_not_read() {
        for (bytes, name) in [
            (&b"\0\0\0\x18ftypheic...."[..], "HEIC"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
            (b"\0\0\0\x20ftypavif....", "AVIF"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "AVIF"),
            (b"\0\0\0\x18ftypcrx ....", "Camera RAW"),
            (b"II\x2A\0\x10\0\0\0CR\x02\0", "Camera RAW"),
            (b"8BPS\0\x01", "Photoshop"),
            (b"\xFF\x0A....", "JPEG XL"),
            (b"<?xml version=\"1.0\"?>\n<!-- a > b -->\n<svg xmlns=\"\">", "SVG"),
        ] {
            assert!(matches!(refused(bytes), DecodeError::Unsupported { format, .. } if format == name), "{name}");
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
