//! Identifiers: of rows, and of contents.

use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A new identifier; later ones of the same process sort after earlier ones.
pub(crate) fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// The SHA-256 of an original file: the name under which its bytes and embeddings are kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// From the 32 bytes of a SHA-256.
    pub const fn new(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }
}

impl fmt::Display for ContentHash {
    /// 64 hexadecimal digits in lower case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContentHash {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut sha256 = [0; 32];
        hex::decode_to_slice(text, &mut sha256)?;
        Ok(Self(sha256))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_read_back_and_ids_grow() {
        let hash = ContentHash::new(std::array::from_fn(|i| i as u8 * 7));
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("zz".parse::<ContentHash>().is_err());

        let ids: Vec<_> = (0..1_000).map(|_| new_id()).collect();
        assert!(ids.is_sorted());
    }
}
