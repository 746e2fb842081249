//! A file of pretrained weights: safetensors, read by name, its shapes and numbers checked.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use sha2::{Digest, Sha256};
use std::{fs, io, path::Path};
use tch::{Kind, Tensor};
use thiserror::Error;

/// Why a file of weights can't be used.
#[derive(Debug, Error)]
pub enum WeightsError {
    #[error("the file is missing")]
    Missing,
    #[error("the file can't be read: {0}")]
    Unreadable(io::Error),
    #[error("the file is no safetensors file, or is damaged: {0}")]
    NotSafetensors(#[from] safetensors::SafeTensorError),
    #[error("the file is of another network: it has no tensor {0}")]
    NoTensor(String),
    #[error("the file is of another network: {name} is {found:?}, not {expected:?}")]
    Shape { name: String, found: Vec<usize>, expected: Vec<i64> },
    #[error("{name} holds {found:?} numbers; only 32-bit floats are read")]
    Precision { name: String, found: Dtype },
    #[error("{0} holds numbers that are not finite: the file is damaged")]
    NotFinite(String),
    #[error("libtorch refused the weights: {0}")]
    Torch(#[from] tch::TchError),
}

/// A whole file in memory.
pub struct WeightsFile {
    bytes: Vec<u8>,
    sha256: String,
}

impl WeightsFile {
    pub fn read(path: &Path) -> Result<Self, WeightsError> {
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => WeightsError::Missing,
            _ => WeightsError::Unreadable(error),
        })?;
        Ok(Self::new(bytes))
    }

    pub fn new(bytes: Vec<u8>) -> Self {
        let sha256 = hex::encode(Sha256::digest(&bytes));
        Self { bytes, sha256 }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Of the file's bytes, in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    pub fn tensors(&self) -> Result<Weights<'_>, WeightsError> {
        Ok(Weights(SafeTensors::deserialize(&self.bytes)?))
    }
}

/// The tensors of a file.
pub struct Weights<'a>(SafeTensors<'a>);

impl Weights<'_> {
    /// The tensor of that name as 32-bit floats.
    ///
    /// # Errors
    /// It is missing, or not of this shape, or not of finite 32-bit floats.
    pub fn get(&self, name: &str, shape: &[i64]) -> Result<Tensor, WeightsError> {
        let view = self.view(name)?;
        if !view.shape().iter().map(|&side| side as i64).eq(shape.iter().copied()) {
            return Err(WeightsError::Shape {
                name: name.to_owned(),
                found: view.shape().to_vec(),
                expected: shape.to_vec(),
            });
        }
        if view.dtype() != Dtype::F32 {
            return Err(WeightsError::Precision { name: name.to_owned(), found: view.dtype() });
        }
        let tensor = Tensor::f_from_data_size(view.data(), shape, Kind::Float)?;
        let finite = tensor.f_isfinite()?.f_all()?;
        if bool::try_from(finite)? { Ok(tensor) } else { Err(WeightsError::NotFinite(name.to_owned())) }
    }

    fn view(&self, name: &str) -> Result<TensorView<'_>, WeightsError> {
        self.0.tensor(name).map_err(|_| WeightsError::NoTensor(name.to_owned()))
    }
}
