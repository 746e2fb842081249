//! Tells this crate's tests and examples, and by its metadata every dependent's build script, where libtorch is, so
//! that what is built runs without `LD_LIBRARY_PATH`.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DEP_TCH_LIBTORCH_LIB");
    // Absent only when torch-sys was told to build without libtorch (its documentation); nothing runs then anyway.
    let Some(folder) = env::var_os("DEP_TCH_LIBTORCH_LIB") else { return };
    let folder = folder.to_string_lossy();
    println!("cargo::metadata=libtorch_lib={folder}");
    println!("cargo::rustc-link-arg=-Wl,-rpath,{folder}");
}
