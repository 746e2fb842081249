//! What the fuzzer begins with and what it has found, on every run of the tests.

#[path = "../../../fuzz/checks/decode.rs"]
mod decode;
#[path = "../../../fuzz/checks/weights.rs"]
mod weights;

use std::{fs, path::Path};

/// Hands every input of a target to its check.
fn all(target: &str, check: fn(&[u8])) {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut count = 0;
    for folder in ["seeds", "found"] {
        // Nothing has been found for every target.
        let Ok(files) = fs::read_dir(fuzz.join(folder).join(target)) else { continue };
        for file in files {
            let path = file.expect("a folder can be read").path();
            println!("{}", path.display());
            check(&fs::read(path).expect("a file can be read"));
            count += 1;
        }
    }
    assert!(count > 0, "{target} has no inputs");
}

#[test]
fn pictures_are_decoded_or_refused() {
    all("decode", decode::check);
}

#[test]
fn files_of_weights_are_read_or_refused() {
    all("weights", weights::check);
}
