//! Leaving out the names of functions, which are most of an unstripped WebAssembly file and nobody's business but a
//! debugger's.

use anyhow::{Context, Result, ensure};
use std::{fs, path::Path};

/// Magic number and version.
const HEADER: usize = 8;
/// The identifier of a custom section; its name comes first in its content.
const CUSTOM: u8 = 0;

/// Strips every WebAssembly file of a folder in place.
pub fn strip(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "wasm") {
            let stripped = without_names(&fs::read(&file)?).with_context(|| format!("{}", file.display()))?;
            fs::write(&file, stripped)?;
        }
    }
    Ok(())
}

/// The module without its section "name" (WebAssembly Core Specification, section 7.4.1).
fn without_names(module: &[u8]) -> Result<Vec<u8>> {
    ensure!(module.starts_with(b"\0asm"), "this is not WebAssembly");
    let mut stripped = module.get(..HEADER).context("the header is cut short")?.to_vec();
    let mut rest = &module[HEADER..];
    while let [id, after @ ..] = rest {
        let (length, content) = leb128(after)?;
        let content_length = usize::try_from(length)?;
        let (content, next) = content.split_at_checked(content_length).context("a section is cut short")?;
        if *id != CUSTOM || !content.starts_with(b"\x04name") {
            stripped.extend_from_slice(&rest[..rest.len() - next.len()]);
        }
        rest = next;
    }
    Ok(stripped)
}

/// An unsigned number in LEB128, and what follows it.
fn leb128(bytes: &[u8]) -> Result<(u64, &[u8])> {
    let mut value = 0;
    for (i, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Ok((value, &bytes[i + 1..]));
        }
    }
    anyhow::bail!("a length can't be read")
}

#[cfg(test)]
mod tests {
    use super::without_names;

    #[test]
    fn only_the_names_go() {
        let header = b"\0asm\x01\0\0\0";
        let code = b"\x01\x02ab";
        let names = b"\0\x07\x04namexy";
        let other = b"\0\x05\x04nam\x01";
        let whole = [&header[..], code, names, other].concat();
        assert_eq!(without_names(&whole).expect("a module"), [&header[..], code, other].concat());
        assert!(without_names(&whole[..whole.len() - 1]).is_err());
        assert!(without_names(b"<html>").is_err());
    }
}
