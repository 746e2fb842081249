//! The pictures that are measured with: photos where there are some, else drawn ones.

use anyhow::Result;
use pupil_tests::{File, data, pictures::Motif};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use vision::{Crop, Limits, SHORT_SIDE, decode_reduced, preprocess};

/// Pictures of a label that are learned from and tested with, where they are drawn.
const DRAWN: u64 = 200;

/// A folder with `train/` and `test/`, and in these a folder for each label.
pub struct Photos {
    folder: PathBuf,
    originals: Option<PathBuf>,
    pub about: String,
    _drawn: Option<TempDir>,
}

/// A labelled picture.
pub struct Photo {
    pub path: PathBuf,
    pub label: String,
}

impl Photos {
    pub fn find() -> Result<Self> {
        let originals = data::folder("originals");
        if let Some(folder) = data::folder("dogs_vs_cats") {
            let about = "400 photos of cats and dogs of about 450×374 pixels".into();
            return Ok(Self { folder, originals, about, _drawn: None });
        }
        let drawn = tempfile::tempdir()?;
        for (part, first) in [("train", 0), ("test", DRAWN)] {
            for motif in [Motif::Circles, Motif::Stripes] {
                let folder = drawn.path().join(part).join(motif.label());
                fs::create_dir_all(&folder)?;
                for file in motif.files_from(first, DRAWN) {
                    fs::write(folder.join(file.name), file.bytes)?;
                }
            }
        }
        let about = "400 drawn pictures of 96×96 pixels".into();
        Ok(Self { folder: drawn.path().to_owned(), originals, about, _drawn: Some(drawn) })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A folder of camera files, if there is one.
    pub fn originals(&self) -> Option<&Path> {
        self.originals.as_deref()
    }

    pub fn train(&self) -> Result<Vec<Photo>> {
        labelled(&self.folder.join("train"))
    }

    pub fn test(&self) -> Result<Vec<Photo>> {
        labelled(&self.folder.join("test"))
    }
}

/// All photos of a folder that has a folder for each label.
pub fn labelled(folder: &Path) -> Result<Vec<Photo>> {
    let mut labels = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    labels.sort();
    let of_label = |folder: PathBuf| {
        let label = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        data::files_in(&folder).into_iter().map(move |path| Photo { path, label: label.clone() })
    };
    Ok(labels.into_iter().flat_map(of_label).collect())
}

/// What the backbone sees of a file.
pub fn crop(path: &Path) -> Result<Crop> {
    Ok(preprocess(&decode_reduced(&fs::read(path)?, &Limits::default(), SHORT_SIDE)?.rgb))
}

/// Labels as numbers, in the order of their names.
pub fn targets(photos: &[Photo]) -> (Vec<u32>, usize) {
    let mut names: Vec<&str> = photos.iter().map(|photo| photo.label.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let number = |photo: &Photo| names.iter().position(|name| *name == photo.label).unwrap_or_default() as u32;
    (photos.iter().map(number).collect(), names.len())
}

/// The same picture in a file that differs from all others: a JPEG comment with a number of its own.
pub fn unique(photo: &Photo, number: usize) -> File {
    let file = data::read(&photo.path);
    let comment = format!("{number:012}");
    let mut bytes = file.bytes[..2].to_vec();
    bytes.extend([0xFF, 0xFE, 0, 2 + comment.len() as u8]);
    bytes.extend(comment.bytes());
    bytes.extend(&file.bytes[2..]);
    File::new(format!("{number}-{}", file.name), bytes)
}
