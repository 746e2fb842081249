//! The pictures of a run, decoded once and kept in a file: in memory, 5,000 would take 750 MB.

use crate::preprocess::Crop;
use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
    path::Path,
};

/// Crops by number, in a file without a name that is gone with the process.
#[derive(Debug)]
pub struct CropFile {
    file: File,
    count: usize,
}

impl CropFile {
    /// An empty one on the disk that `folder` is on.
    pub fn create(folder: &Path) -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile_in(folder)?, count: 0 })
    }

    /// Adds a crop; the first has the number 0.
    pub fn push(&mut self, crop: &Crop) -> io::Result<()> {
        self.file.write_all(crop.pixels())?;
        self.count += 1;
        Ok(())
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// Writes the pixels of a crop, [`Crop::BYTES`] of them, to `pixels`.
    pub(super) fn read(&self, number: usize, pixels: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(pixels, (number * Crop::BYTES) as u64)
    }
}
