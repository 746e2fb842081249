//! The uncertainty of a share.

/// The 97.5 % quantile of the normal distribution: what is outside on one side of a 95 % interval.
const Z95: f64 = 1.959_963_984_540_054;

/// The 95 % score interval of a share, `[low, high]`: Wilson, "Probable Inference, the Law of Succession, and
/// Statistical Inference", 1927. Unlike the textbook's it holds for few trials, and near 0 and 1. `None` without trials.
pub fn wilson(successes: usize, trials: usize) -> Option<[f64; 2]> {
    if trials == 0 {
        return None;
    }
    let n = trials as f64;
    let share = successes as f64 / n;
    let z2 = Z95 * Z95;
    let centre = share + z2 / (2.0 * n);
    let half = Z95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    Some([((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(interval: [f64; 2], expected: [f64; 2]) -> bool {
        interval.iter().zip(expected).all(|(a, b)| (a - b).abs() < 5e-4)
    }

    #[test]
    fn is_wilsons_interval() {
        // Values of R's `prop.test(..., correct = FALSE)`.
        assert!(close(wilson(81, 100).expect("trials"), [0.7222, 0.8749]));
        assert!(close(wilson(10, 10).expect("trials"), [0.7225, 1.0]));
        assert!(close(wilson(0, 5).expect("trials"), [0.0, 0.4345]));
        assert_eq!(wilson(0, 0), None);
    }
}
