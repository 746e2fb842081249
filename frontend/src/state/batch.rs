//! Cutting a heap of files into requests.

/// Files in one request: few enough for steady progress, many enough that the round trip does not count.
const FILES: usize = 20;
/// Bytes in one request, unless a single file has more.
const BYTES: f64 = 32.0 * 1024.0 * 1024.0;

/// What a batch needs to know of a file.
pub trait Batchable {
    fn bytes(&self) -> f64;
    /// The label that the file is to get; one request carries files of one label.
    fn label(&self) -> Option<&str>;
}

/// Cuts `files` into requests, keeping their order within each label.
pub fn split<F: Batchable>(files: impl IntoIterator<Item = F>) -> Vec<Vec<F>> {
    let mut by_label: Vec<Vec<F>> = Vec::new();
    for file in files {
        match by_label.iter_mut().find(|group| group[0].label() == file.label()) {
            Some(group) => group.push(file),
            None => by_label.push(vec![file]),
        }
    }
    by_label.into_iter().flat_map(split_by_size).collect()
}

fn split_by_size<F: Batchable>(files: Vec<F>) -> Vec<Vec<F>> {
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    let mut bytes = 0.0;
    for file in files {
        if batch.len() == FILES || (!batch.is_empty() && bytes + file.bytes() > BYTES) {
            batches.push(std::mem::take(&mut batch));
            bytes = 0.0;
        }
        bytes += file.bytes();
        batch.push(file);
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct File(f64, Option<&'static str>);

    impl Batchable for File {
        fn bytes(&self) -> f64 {
            self.0
        }
        fn label(&self) -> Option<&str> {
            self.1
        }
    }

    fn lengths(files: Vec<File>) -> Vec<usize> {
        split(files).iter().map(Vec::len).collect()
    }

    #[test]
    fn nothing_gives_no_request() {
        assert!(split(Vec::<File>::new()).is_empty());
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
        let files = vec![File(1.0, Some("cat")), File(2.0, Some("dog")), File(3.0, Some("cat")), File(4.0, None)];
        assert_eq!(
            split(files),
            [vec![File(1.0, Some("cat")), File(3.0, Some("cat"))], vec![File(2.0, Some("dog"))], vec![File(4.0, None)]]
        );
    }
}
