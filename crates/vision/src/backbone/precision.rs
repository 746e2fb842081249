//! How exactly a network computes where it need not agree with an exported model to the last digit.

use super::Processor;
use tch::Kind;

/// The kind of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Float32,
    /// 8 bits of precision in the range of 32: twice as fast and more on a processor that has instructions for it, far
    /// slower on one that has not.
    Bfloat16,
}

impl Precision {
    pub const ALL: [Self; 2] = [Self::Float32, Self::Bfloat16];

    /// The one that this processor is fastest with. Every CPU with AMX has the instructions looked for too.
    pub fn fastest(on: Processor) -> Self {
        if on == Processor::Cuda {
            return Self::Bfloat16;
        }
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx512bf16") {
            return Self::Bfloat16;
        }
        Self::Float32
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Float32 => "float32",
            Self::Bfloat16 => "bfloat16",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|precision| precision.as_str() == text)
    }

    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::Float32 => Kind::Float,
            Self::Bfloat16 => Kind::BFloat16,
        }
    }
}
