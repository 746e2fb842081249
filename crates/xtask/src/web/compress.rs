//! Compressing the page's files once, so that the server need not do it for every visitor.

use crate::process;
use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// What shrinks; pictures and fonts are compressed already.
const EXTENSIONS: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Writes `FILE.br` and `FILE.gz` beside every file of a folder and its sub-folders that compresses.
pub fn compress(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        process::check_interrupted()?;
        let path = entry?.path();
        if path.is_dir() {
            compress(&path)?;
        } else if path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension == *known)) {
            let content = fs::read(&path)?;
            fs::write(beside(&path, ".br"), brotli_of(&content)?)?;
            fs::write(beside(&path, ".gz"), gzip_of(&content)?)?;
        }
    }
    Ok(())
}

fn brotli_of(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    // The strongest that a browser takes.
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: content.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip_of(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read;

    #[test]
    fn both_forms_read_back_and_photos_are_left_alone() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let content = "const answer = 42;\n".repeat(200);
        fs::create_dir(folder.path().join("sub"))?;
        fs::write(folder.path().join("sub/app.js"), &content)?;
        fs::write(folder.path().join("photo.jpg"), &content)?;
        compress(folder.path())?;

        let mut read = String::new();
        GzDecoder::new(&fs::read(folder.path().join("sub/app.js.gz"))?[..]).read_to_string(&mut read)?;
        assert_eq!(read, content);
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut &fs::read(folder.path().join("sub/app.js.br"))?[..], &mut read)?;
        assert_eq!(read, content.as_bytes());
        assert!(!folder.path().join("photo.jpg.gz").exists());
        Ok(())
    }
}
