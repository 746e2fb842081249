//! Where a network computes, and in which numbers.

use super::Precision;
use tch::{Cuda, Device, Kind, TchError, Tensor};

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    Cpu,
    /// The first graphics card that CUDA lists.
    Cuda,
}

impl Processor {
    pub const ALL: [Self; 2] = [Self::Cpu, Self::Cuda];

    /// A graphics card where there is one and libtorch was built for it, else the CPU.
    pub fn fastest() -> Self {
        if Cuda::is_available() { Self::Cuda } else { Self::Cpu }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Cuda => "cuda",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|processor| processor.as_str() == text)
    }
}

/// How background embedding and fine-tuning compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compute {
    pub processor: Processor,
    pub precision: Precision,
}

impl Compute {
    /// How predictions are made everywhere: so they agree with an exported model, and graphics cards, whose 32-bit
    /// convolutions round to 19 bits, have no part in them.
    pub const EXACT: Self = Self { processor: Processor::Cpu, precision: Precision::Float32 };

    /// What is fastest on this machine.
    pub fn fastest() -> Self {
        Self::on(Processor::fastest())
    }

    /// What is fastest on this processor.
    pub fn on(processor: Processor) -> Self {
        Self { processor, precision: Precision::fastest(processor) }
    }

    pub(crate) const fn kind(self) -> Kind {
        self.precision.kind()
    }

    /// A tensor of the CPU where this computes.
    pub(crate) fn bring(self, tensor: &Tensor) -> Result<Tensor, TchError> {
        let device = match self.processor {
            Processor::Cpu => Device::Cpu,
            Processor::Cuda => Device::Cuda(0),
        };
        tensor.f_to_device(device)
    }
}
