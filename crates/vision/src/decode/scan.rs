//! What the segments of a JPEG say, for what its decoder doesn't tell.

/// A frame header.
pub struct Frame {
    /// Bits of a sample.
    pub precision: u8,
    /// Bytes for the coefficients of all components, for each pixel, if they have to be held: 16 bits each.
    pub coefficient_bytes: u64,
    /// Whether the coefficients come all at once, so that pixels can be made as they come.
    pub in_one_scan: bool,
}

/// The frame header, if the segments before it are in order.
pub fn frame(bytes: &[u8]) -> Option<Frame> {
    let (marker, at) = segments(bytes, 2).find(|&(marker, _)| is_frame(marker))?;
    let body = bytes.get(at + 4..)?;
    let (&precision, &count) = (body.first()?, body.get(5)?);
    let samplings = body.get(6..6 + 3 * usize::from(count))?.chunks(3).map(|component| component[1]);
    let areas: Vec<u64> = samplings.map(|sampling| u64::from(sampling >> 4) * u64::from(sampling & 15)).collect();
    let largest = areas.iter().copied().max().filter(|&area| area > 0)?;
    let coefficient_bytes = (2 * areas.iter().sum::<u64>()).div_ceil(largest);
    let in_one_scan = marker != PROGRESSIVE && components_of_first_scan(bytes, at) == Some(count);
    Some(Frame { precision, coefficient_bytes, in_one_scan })
}

/// Whether the picture ends where it says so, rather than where the file was cut.
pub fn is_whole(bytes: &[u8]) -> bool {
    let mut at = 2;
    // Each scan is a segment with entropy-coded data behind it, in which 0xFF is followed by 0 or a restart.
    while let Some((_, start)) = segments(bytes, at).find(|&(marker, _)| marker == SCAN) {
        let Some(next) = (start + 2..bytes.len().saturating_sub(1))
            .find(|&at| bytes[at] == 0xFF && !matches!(bytes[at + 1], 0 | 0xFF | 0xD0..=0xD7))
        else {
            return false;
        };
        if bytes[next + 1] == END {
            return true;
        }
        at = next;
    }
    false
}

const PROGRESSIVE: u8 = 0xC2;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;

const fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn components_of_first_scan(bytes: &[u8], from: usize) -> Option<u8> {
    let (_, at) = segments(bytes, from).find(|&(marker, _)| marker == SCAN)?;
    bytes.get(at + 4).copied()
}

/// The markers from `from` on and where they are, each with a length behind it; ends where there is anything else.
fn segments(bytes: &[u8], from: usize) -> impl Iterator<Item = (u8, usize)> {
    let mut next = from;
    std::iter::from_fn(move || {
        let at = next;
        let &[0xFF, marker, high, low] = bytes.get(at..at + 4)? else { return None };
        next += 2 + usize::from(u16::from_be_bytes([high, low]));
        Some((marker, at))
    })
}
