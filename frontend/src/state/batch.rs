//! Cutting a queue of files into requests.

use std::collections::VecDeque;

/// Files in one request: few enough for steady progress, many enough that the round trip does not count.
const FILES: usize = 20;
/// Bytes in one request, unless a single file has more.
const BYTES: f64 = 32.0 * 1024.0 * 1024.0;

/// What a batch needs to know of a file.
pub trait Batchable {
    fn bytes(&self) -> f64;
    /// Whether both can travel in one request: what is said of one is then said of the other.
    fn goes_with(&self, other: &Self) -> bool;
}

/// Takes the next request's files from the front of the queue; none only when it is empty.
pub fn take<F: Batchable>(queue: &mut VecDeque<F>) -> Vec<F> {
    let mut batch: Vec<F> = Vec::new();
    let mut bytes = 0.0;
    while let Some(file) = queue.front() {
        bytes += file.bytes();
        let fits = batch.first().is_none_or(|first| batch.len() < FILES && bytes <= BYTES && first.goes_with(file));
        if !fits {
            break;
        }
        batch.extend(queue.pop_front());
    }
    batch
}

#[cfg(test)]
mod tests {
    use super::*;

    struct File(f64, Option<&'static str>);

    impl Batchable for File {
        fn bytes(&self) -> f64 {
            self.0
        }
        fn goes_with(&self, other: &Self) -> bool {
            self.1 == other.1
        }
    }

    fn lengths(files: Vec<File>) -> Vec<usize> {
        let mut queue = VecDeque::from(files);
        std::iter::from_fn(|| Some(take(&mut queue).len()).filter(|length| *length > 0)).collect()
    }

    #[test]
    fn nothing_gives_no_request() {
        assert!(lengths(Vec::new()).is_empty());
    }

    #[test]
    fn many_small_files_go_twenty_at_a_time() {
        assert_eq!(lengths((0..45).map(|_| File(1.0, None)).collect()), [20, 20, 5]);
    }

    #[test]
    fn large_files_go_fewer_at_a_time_and_a_huge_one_alone() {
        let mib = 1024.0 * 1024.0;
        assert_eq!(lengths([20.0, 10.0, 5.0, 100.0, 1.0].map(|size| File(size * mib, None)).into()), [2, 1, 1, 1]);
    }

    #[test]
    fn labels_do_not_mix() {
        let labels = [Some("cat"), Some("cat"), Some("dog"), None];
        assert_eq!(lengths(labels.map(|label| File(1.0, label)).into()), [2, 1, 1]);
    }
}
