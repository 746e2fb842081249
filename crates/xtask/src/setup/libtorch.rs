//! libtorch, the library that computes: PyTorch's C++ side, taken out of its Python packages.

use crate::{
    process,
    setup::{Step, cache, cache::Cache, python},
    stages::Outcome,
    workspace,
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    env,
    fs::{self, File},
    io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};
use zip::ZipArchive;

/// A pair with the version of the crate `tch`.
const VERSION: &str = "2.11.0";
const NAME: &str = "libtorch-2.11.0";
/// Where PyTorch publishes its CPU builds.
pub const CPU_INDEX: &str = "https://download.pytorch.org/whl/cpu/";
/// The libraries that computing on the CPU loads; of everything in the packages only these and the headers are kept.
/// PyTorch's own CPU build has no need of the last two.
const LIBRARIES: [&str; 5] = ["libtorch_cpu.so", "libc10.so", "libgomp.so.1", "libcudart.so.13", "libcupti.so.13"];

/// libtorch in the cache folder, or the one that the user has chosen by `LIBTORCH`.
pub struct Libtorch;

impl Step for Libtorch {
    fn name(&self) -> String {
        format!("libtorch {VERSION}")
    }

    fn about(&self) -> &str {
        "downloading 200 to 550 MB and unpacking it"
    }

    fn is_there(&self, cache: &Cache) -> bool {
        is_there(cache)
    }

    fn get(&self, cache: &Cache) -> Result<Outcome> {
        get(cache)
    }
}

/// Points the checkout's `.setup/libtorch`, which `.cargo/config.toml` names as `LIBTORCH`, to the cache folder.
pub fn link(cache: &Cache) -> Result<()> {
    if own().is_some() {
        return Ok(());
    }
    let link = default_location();
    let target = cache.path(NAME);
    if fs::read_link(&link).is_ok_and(|current| current == target) {
        return Ok(());
    }
    let folder = link.parent().context("the link lies in a folder")?;
    fs::create_dir_all(folder)?;
    let new = folder.join("libtorch.new");
    cache::remove(&new)?;
    symlink(&target, &new).with_context(|| format!("cannot make the link {}", new.display()))?;
    fs::rename(&new, &link).with_context(|| format!("cannot make the link {}", link.display()))
}

/// The libtorch that the user has chosen. Cargo sets the variable too, to the default location.
fn own() -> Option<PathBuf> {
    env::var_os("LIBTORCH").map(PathBuf::from).filter(|path| *path != default_location())
}

fn default_location() -> PathBuf {
    workspace::root().join(".setup/libtorch")
}

fn is_there(cache: &Cache) -> bool {
    own().is_some_and(|own| own.join("lib/libtorch_cpu.so").exists())
        || fs::read_to_string(cache.path(NAME).join("build-version")).is_ok_and(|version| version.trim() == VERSION)
}

fn get(cache: &Cache) -> Result<Outcome> {
    if let Some(own) = own() {
        bail!("LIBTORCH names {}, where there is no lib/libtorch_cpu.so: correct or unset it", own.display());
    }
    ensure!(
        cfg!(all(target_os = "linux", target_arch = "x86_64")),
        "there is no libtorch to download for this kind of computer: set LIBTORCH to one of version {VERSION}"
    );
    if python::can_reach(CPU_INDEX) {
        match python::with_wheels(cache, "requirements-libtorch-cpu.txt", |wheels| install(cache, wheels)) {
            Ok(()) => return Ok(Outcome::Done),
            Err(error) => println!("    {error:#}; trying the Python package index"),
        }
    } else {
        println!("    {CPU_INDEX} can't be reached from here: taking PyTorch from the Python package index");
    }
    process::check_interrupted()?;
    python::with_wheels(cache, "requirements-libtorch.txt", |wheels| install(cache, wheels))?;
    Ok(Outcome::Done)
}

fn install(cache: &Cache, wheels: &[PathBuf]) -> Result<()> {
    println!("    unpacking");
    let scratch = cache.scratch(NAME)?;
    unpack(wheels, &scratch)?;
    cache.publish(&scratch, NAME)
}

/// Takes the libraries and headers out of the wheels and arranges them as libtorch's own download would be.
fn unpack(wheels: &[PathBuf], into: &Path) -> Result<()> {
    let lib = into.join("lib");
    fs::create_dir_all(&lib)?;
    for wheel in wheels {
        let unreadable = || format!("cannot unpack {}", wheel.display());
        let mut archive = ZipArchive::new(File::open(wheel).with_context(unreadable)?).with_context(unreadable)?;
        for index in 0..archive.len() {
            process::check_interrupted()?;
            let mut entry = archive.by_index(index)?;
            let Some(place) = entry.enclosed_name().and_then(|path| place_of(&path)) else { continue };
            if entry.is_dir() {
                continue;
            }
            let place = into.join(place);
            fs::create_dir_all(place.parent().context("every file has a folder")?)?;
            let mut file = File::create(&place).with_context(|| format!("cannot write {}", place.display()))?;
            io::copy(&mut entry, &mut file).with_context(unreadable)?;
        }
    }
    for library in &LIBRARIES[..3] {
        ensure!(lib.join(library).exists(), "the packages hold no {library}");
    }
    // What calls for libtorch as a whole gets its CPU part: the other parts are the GPU's.
    symlink("libtorch_cpu.so", lib.join("libtorch.so"))?;
    Ok(fs::write(into.join("build-version"), format!("{VERSION}\n"))?)
}

/// Where a file of a wheel belongs in libtorch's folder; none for what is not needed.
fn place_of(path: &Path) -> Option<PathBuf> {
    if let Ok(header) = path.strip_prefix("torch/include") {
        return Some(Path::new("include").join(header));
    }
    let name = path.file_name()?.to_str()?;
    let in_lib = path.parent()?.file_name()? == "lib";
    (in_lib && LIBRARIES.contains(&name)).then(|| Path::new("lib").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::{ZipWriter, write::SimpleFileOptions};

    #[test]
    fn only_libraries_and_headers_are_kept() {
        let place = |path: &str| place_of(Path::new(path));
        assert_eq!(place("torch/include/ATen/ATen.h"), Some("include/ATen/ATen.h".into()));
        assert_eq!(place("torch/lib/libc10.so"), Some("lib/libc10.so".into()));
        assert_eq!(place("nvidia/cu13/lib/libcudart.so.13"), Some("lib/libcudart.so.13".into()));
        assert_eq!(place("torch/lib/libtorch_cuda.so"), None);
        assert_eq!(place("torch/nn/modules/conv.py"), None);
    }

    #[test]
    fn wheels_become_a_libtorch_folder() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let wheel = folder.path().join("torch.whl");
        let mut archive = ZipWriter::new(File::create(&wheel)?);
        for name in
            ["torch/lib/libtorch_cpu.so", "torch/lib/libc10.so", "torch/lib/libgomp.so.1", "torch/include/a/b.h"]
        {
            archive.start_file(name, SimpleFileOptions::default())?;
            archive.write_all(name.as_bytes())?;
        }
        archive.finish()?;

        let into = folder.path().join(NAME);
        unpack(&[wheel], &into)?;
        assert_eq!(fs::read_to_string(into.join("lib/libtorch.so"))?, "torch/lib/libtorch_cpu.so");
        assert_eq!(fs::read_to_string(into.join("include/a/b.h"))?, "torch/include/a/b.h");
        assert_eq!(fs::read_to_string(into.join("build-version"))?.trim(), VERSION);
        Ok(())
    }

    #[test]
    fn a_wheel_without_the_libraries_is_refused() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let wheel = folder.path().join("other.whl");
        ZipWriter::new(File::create(&wheel)?).finish()?;
        let error = unpack(&[wheel], &folder.path().join(NAME)).expect_err("it holds nothing");
        assert!(error.to_string().contains("libtorch_cpu.so"));
        Ok(())
    }
}
