//! Cursors: where a page of a list ended. Opaque to clients, and safe in a URL.
//!
//! A cursor is the sort key of the last item, in hexadecimal, after a byte that names the list it belongs to.

use crate::error::{Result, StoreError};
use dto::ImageId;
use uuid::Uuid;

/// The last item of a page, by what its list is sorted by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cursor {
    /// Projects and images: the identifier.
    Id(Uuid),
    /// Models: the version.
    Version(i64),
    /// Results: the probability, then the image.
    Probability(f64, Uuid),
}

impl Cursor {
    pub(crate) fn encode(self) -> String {
        match self {
            Self::Id(id) => hex::encode([&[1], id.as_bytes().as_slice()].concat()),
            Self::Version(version) => hex::encode([&[2], version.to_be_bytes().as_slice()].concat()),
            Self::Probability(probability, id) => {
                hex::encode([&[3], probability.to_be_bytes().as_slice(), id.as_bytes()].concat())
            }
        }
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        let (kind, key) = bytes.split_first()?;
        match kind {
            1 => Some(Self::Id(Uuid::from_slice(key).ok()?)),
            2 => Some(Self::Version(i64::from_be_bytes(key.try_into().ok()?))),
            3 => {
                let (probability, id) = key.split_at_checked(8)?;
                let probability = f64::from_be_bytes(probability.try_into().ok()?);
                Some(Self::Probability(probability, Uuid::from_slice(id).ok()?))
            }
            _ => None,
        }
    }

    /// Reads a client's cursor of a list sorted by identifier, the greatest first. Without one: beyond all of them.
    pub(crate) fn id(text: Option<&str>) -> Result<Uuid> {
        Self::read(text, Uuid::max(), |cursor| if let Self::Id(id) = cursor { Some(id) } else { None })
    }

    /// Reads a client's cursor of a list sorted by version, the greatest first. Without one: beyond all of them.
    pub(crate) fn version(text: Option<&str>) -> Result<i64> {
        Self::read(text, i64::MAX, |cursor| if let Self::Version(version) = cursor { Some(version) } else { None })
    }

    /// Reads a client's cursor of a list sorted by probability, the greatest first. Without one: beyond all of them.
    pub(crate) fn probability(text: Option<&str>) -> Result<(f64, Uuid)> {
        let start = (f64::INFINITY, Uuid::nil());
        Self::read(text, start, |cursor| if let Self::Probability(p, id) = cursor { Some((p, id)) } else { None })
    }

    fn read<T>(text: Option<&str>, start: T, key: impl FnOnce(Self) -> Option<T>) -> Result<T> {
        let Some(text) = text else { return Ok(start) };
        Self::decode(text).and_then(key).ok_or(StoreError::BadCursor)
    }
}

/// Makes a page of rows that were asked for with one more than `limit`, which tells whether there is a next page.
pub(crate) fn page<T>(mut items: Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> Cursor) -> dto::Page<T> {
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next_cursor = items.last().filter(|_| more).map(|last| cursor(last).encode());
    dto::Page { items, next_cursor }
}

/// The page after a cursor of `items` in memory, which are sorted by the `key` of each: the higher the number the earlier,
/// then by image.
///
/// # Errors
/// [`StoreError::BadCursor`].
pub fn page_of<T: Clone>(
    items: &[T],
    cursor: Option<&str>,
    limit: u32,
    key: impl Fn(&T) -> (f64, ImageId),
) -> Result<dto::Page<T>> {
    let limit = page_size(limit);
    let (number, image) = Cursor::probability(cursor)?;
    let start = items.partition_point(|item| {
        let (own, id) = key(item);
        cursor.is_some() && (own > number || own == number && id.0 <= image)
    });
    let some = items[start..].iter().take(limit as usize + 1).cloned().collect();
    Ok(page(some, limit, |last: &T| {
        let (number, image) = key(last);
        Cursor::Probability(number, image.0)
    }))
}

/// The page size to use: at least one, at most [`dto::limits::PAGE_MAX`].
pub(crate) fn page_size(limit: u32) -> u32 {
    limit.clamp(1, dto::limits::PAGE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back_only_in_their_own_list() {
        let id = Uuid::now_v7();
        let text = Cursor::Id(id).encode();
        assert_eq!(Cursor::id(Some(&text)).ok(), Some(id));
        assert!(matches!(Cursor::version(Some(&text)), Err(StoreError::BadCursor)));

        let text = Cursor::Probability(0.1, id).encode();
        assert_eq!(Cursor::probability(Some(&text)).ok(), Some((0.1, id)));
        let text = Cursor::Version(7).encode();
        assert_eq!(Cursor::version(Some(&text)).ok(), Some(7));
    }

    #[test]
    fn nonsense_is_a_bad_cursor() {
        for text in ["", "x", "01", "0102", "ff00", "é", "03ffffffffffff"] {
            assert!(matches!(Cursor::id(Some(text)), Err(StoreError::BadCursor)), "{text}");
            assert!(matches!(Cursor::probability(Some(text)), Err(StoreError::BadCursor)), "{text}");
        }
        assert_eq!(Cursor::id(None).ok(), Some(Uuid::max()));
    }

    #[test]
    fn a_page_says_whether_more_follows() {
        let full = page(vec![1, 2, 3], 2, |last| Cursor::Version(*last));
        assert_eq!((full.items.len(), full.next_cursor), (2, Some(Cursor::Version(2).encode())));
        assert_eq!(page(vec![1, 2], 2, |last| Cursor::Version(*last)).next_cursor, None);
    }
}
