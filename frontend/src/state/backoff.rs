//! How long to wait before the next try.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
/// Longer would keep people waiting for a server that is back.
const LONGEST: Duration = Duration::from_secs(10);

/// The wait after so many failures in a row: it doubles each time, up to ten seconds.
pub fn after(failures: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1))).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        assert_eq!([1, 2, 3, 4, 5, 500].map(|failures| after(failures).as_secs()), [1, 2, 4, 8, 10, 10]);
    }
}
