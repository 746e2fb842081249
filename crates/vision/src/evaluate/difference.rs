//! Whether one model is really better than another.

/// The two-sided probability that two equally good models differ at least so much by chance, from the images that only
/// the first and only the second got right: the exact form of McNemar, "Note on the Sampling Error of the Difference Between
/// Correlated Proportions or Percentages", 1947.
pub fn sign_test(only_first: u64, only_second: u64) -> f64 {
    let trials = only_first + only_second;
    let fewer = only_first.min(only_second);
    // The logarithm of the binomial coefficient grows term by term; two to the power of trials would overflow.
    let mut logarithm = -(trials as f64) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for hits in 0..=fewer {
        tail += logarithm.exp();
        logarithm += ((trials - hits) as f64 / (hits + 1) as f64).ln();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_binomial_test() {
        // Values of R's `binom.test`.
        for (first, second, expected) in
            [(0, 0, 1.0), (1, 1, 1.0), (0, 5, 0.0625), (2, 8, 0.109375), (10, 30, 0.002221465)]
        {
            let found = sign_test(first, second);
            assert!((found - expected).abs() < 1e-6, "{first} and {second}: {found}");
            assert_eq!(found, sign_test(second, first));
        }
        assert!(sign_test(40_000, 60_000) < 1e-12);
    }
}
