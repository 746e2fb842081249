//! Making probabilities mean what they say, from predictions of images that were held out.

/// Bounds of the temperature's logarithm: a factor of twenty either way is far beyond what a sane model needs.
const LOG_TEMPERATURE: f64 = 3.0;
/// Halvings of those bounds by the golden section: enough for three digits.
const SECTIONS: usize = 24;

/// What the logits are divided by so that the probabilities fit the truth best: Guo et al., "On Calibration of Modern
/// Neural Networks", 2017, arXiv:1706.04599. The order of the labels, and with it the accuracy, stays the same.
///
/// `logits` holds one row of `classes` numbers per target. Without rows it is 1.
pub fn temperature(logits: &[f32], targets: &[u32], classes: usize) -> f64 {
    if targets.is_empty() {
        return 1.0;
    }
    // The loss has one minimum in the inverse temperature, so a section search finds it.
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (-LOG_TEMPERATURE, LOG_TEMPERATURE);
    for _ in 0..SECTIONS {
        let width = golden * (high - low);
        let (left, right) = (high - width, low + width);
        if loss(logits, targets, classes, left.exp()) < loss(logits, targets, classes, right.exp()) {
            high = right;
        } else {
            low = left;
        }
    }
    ((low + high) / 2.0).exp()
}

/// Cross-entropy of the logits at a temperature, summed.
fn loss(logits: &[f32], targets: &[u32], classes: usize, temperature: f64) -> f64 {
    let rows = logits.chunks_exact(classes).zip(targets);
    rows.map(|(row, &target)| -softmax(row, temperature)[target as usize].max(f64::MIN_POSITIVE).ln()).sum()
}

/// The probabilities of a row of logits at a temperature.
pub fn softmax(row: &[f32], temperature: f64) -> Vec<f64> {
    let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponentials: Vec<f64> = row.iter().map(|&logit| (f64::from(logit - highest) / temperature).exp()).collect();
    let total: f64 = exponentials.iter().sum();
    exponentials.into_iter().map(|exponential| exponential / total).collect()
}

/// The place of the highest probability, the first of equals, and that probability.
pub fn likeliest<T: Copy + Into<f64>>(probabilities: &[T]) -> (usize, f64) {
    let first = (0, f64::NEG_INFINITY);
    probabilities
        .iter()
        .map(|&probability| probability.into())
        .enumerate()
        .fold(first, |best, (place, probability)| if probability > best.1 { (place, probability) } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_equals_is_the_likeliest() {
        assert_eq!(likeliest(&[0.1, 0.45, 0.45]), (1, 0.45));
        assert_eq!(likeliest(&[0.25_f32; 4]), (0, 0.25));
    }

    #[test]
    fn temperature_makes_confidence_fit() {
        // Logits of ±2 claim 98 %, but three of four are right: ln 3 apart would be honest.
        let logits = [2.0, -2.0].repeat(4);
        let found = temperature(&logits, &[0, 0, 0, 1], 2);
        assert!((found - 4.0 / 3f64.ln()).abs() < 1e-2, "{found}");
        assert_eq!(temperature(&[], &[], 2), 1.0);
    }
}
