//! Which pictures are learned from together, and what is done to them before.

use super::CropFile;
use crate::preprocess::{Crop, mirror};
use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use std::io;

/// Pictures in one step.
pub const BATCH: usize = 32;

/// Pictures by number, cut into batches of nearly the same size: one of a single picture has no deviation to be
/// normalised by.
pub fn cut(pictures: &[usize]) -> impl Iterator<Item = &[usize]> {
    let size = pictures.len().div_ceil(pictures.len().div_ceil(BATCH).max(1)).max(1);
    pictures.chunks(size)
}

/// The chance of an epoch: its order of pictures, and which of them are mirrored. The same seed and epoch give the same.
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn of(seed: u64, epoch: u32) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(epoch.into());
        Self(random)
    }

    pub fn shuffle(&mut self, pictures: &mut [usize]) {
        pictures.shuffle(&mut self.0);
    }

    /// Mirrors each crop left to right with a probability of one half.
    pub fn mirror(&mut self, pixels: &mut [u8]) {
        for crop in pixels.chunks_exact_mut(Crop::BYTES) {
            if self.0.random() {
                mirror(crop);
            }
        }
    }
}

/// The pixels of some pictures, one after another.
pub fn read(crops: &CropFile, pictures: &[usize]) -> io::Result<Vec<u8>> {
    let mut pixels = vec![0; pictures.len() * Crop::BYTES];
    for (&number, pixels) in pictures.iter().zip(pixels.chunks_exact_mut(Crop::BYTES)) {
        crops.read(number, pixels)?;
    }
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(pictures: usize) -> Vec<usize> {
        cut(&(0..pictures).collect::<Vec<_>>()).map(<[usize]>::len).collect()
    }

    #[test]
    fn no_picture_is_left_alone() {
        assert_eq!(sizes(0), [0; 0]);
        assert_eq!(sizes(32), [32]);
        assert_eq!(sizes(33), [17, 16]);
        assert_eq!(sizes(97), [25, 25, 25, 22]);
    }

    #[test]
    fn an_epoch_has_its_own_chance_and_always_the_same() {
        let order = |epoch| {
            let mut pictures: Vec<usize> = (0..50).collect();
            Chance::of(7, epoch).shuffle(&mut pictures);
            pictures
        };
        assert_eq!(order(3), order(3));
        assert_ne!(order(3), order(4));
    }
}
