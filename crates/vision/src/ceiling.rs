//! How fast this machine could be at best, for benchmarks to compare with: its rate of multiplying matrices, and the
//! operations of a forward pass.

use crate::{
    backbone::{ConvSpec, Layer, build},
    engine::{EngineError, spread_over},
    preprocess::SIDE,
};
use dto::model::Backbone;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tch::{Device, Kind, TchError, Tensor};

/// Operations a second (a multiplication and an addition are two) of large matrix products, in libtorch's best hands.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    pub float32: f64,
    pub bfloat16: f64,
}

/// Measures the ceiling on so many threads. Takes about two seconds.
pub fn ceiling(threads: usize) -> Result<Ceiling, EngineError> {
    let measured = thread::scope(|scope| {
        let measure = || {
            spread_over(threads.clamp(1, 1024) as i32);
            Ok::<_, TchError>(Ceiling { float32: rate(Kind::Float)?, bfloat16: rate(Kind::BFloat16)? })
        };
        scope.spawn(move || tch::no_grad(measure)).join()
    });
    match measured {
        Ok(ceiling) => ceiling.map_err(|error| EngineError::Forward(error.to_string())),
        Err(_) => Err(EngineError::Stopped),
    }
}

/// Operations of the forward pass of one picture.
pub fn operations(backbone: Backbone) -> Result<u64, EngineError> {
    let total = Arc::new(AtomicU64::new(0));
    let count = || {
        let body = build(backbone, &mut |spec| Ok::<_, TchError>(Counted { spec, total: total.clone() }))?;
        let side = i64::from(SIDE);
        body.features(&Tensor::f_zeros([1, 3, side, side], (Kind::Float, Device::Cpu))?)
    };
    let _ = tch::no_grad(count).map_err(|error| EngineError::Forward(error.to_string()))?;
    Ok(total.load(Ordering::Relaxed))
}

/// A convolution that counts what it does: an addition and a multiplication for each weight at each place.
struct Counted {
    spec: ConvSpec,
    total: Arc<AtomicU64>,
}

impl Layer for Counted {
    fn forward(&self, input: &Tensor) -> Result<Tensor, TchError> {
        let weight = Tensor::f_zeros(self.spec.shape(), (Kind::Float, Device::Cpu))?;
        let output = self.spec.convolve(input, &weight, None)?;
        let (_, _, height, width) = output.size4()?;
        self.total.fetch_add(2 * weight.numel() as u64 * (height * width) as u64, Ordering::Relaxed);
        Ok(output)
    }
}

/// The best of several products of two square matrices, which are too large for any cache to hold.
fn rate(kind: Kind) -> Result<f64, TchError> {
    const SIDE: i64 = 2048;
    let random = || Tensor::f_randn([SIDE, SIDE], (Kind::Float, Device::Cpu))?.f_to_kind(kind);
    let (a, b) = (random()?, random()?);
    let mut best = Duration::MAX;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        let begun = Instant::now();
        let _ = a.f_mm(&b)?;
        best = best.min(begun.elapsed());
    }
    Ok(2.0 * (SIDE as f64).powi(3) / best.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_those_of_the_papers() {
        // He et al. count 1.8 billion multiplications, Tan and Le 0.39 (for B0, which Lite0 is made of).
        let billions = |backbone| operations(backbone).expect("no weights are needed") as f64 / 1e9;
        assert!((3.6..3.7).contains(&billions(Backbone::Resnet18)), "{}", billions(Backbone::Resnet18));
        assert!(
            (0.7..0.85).contains(&billions(Backbone::EfficientnetLite0)),
            "{}",
            billions(Backbone::EfficientnetLite0)
        );
    }
}
