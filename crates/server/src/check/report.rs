//! What a check says.

#[derive(Default)]
pub(super) struct Report {
    findings: u64,
    /// Pictures that an earlier check has marked as damaged.
    pub known: u64,
}

impl Report {
    /// Something is not in order: what, and what has been or can be done about it.
    pub fn finding(&mut self, what: &str, about_it: &str) {
        self.findings += 1;
        println!("{what} {about_it}");
    }

    pub fn is_clean(&self) -> bool {
        self.findings == 0
    }

    pub fn finish(&self, pictures: u64, models: u64, embeddings: u64) {
        if self.known > 0 {
            println!(
                "Pictures known to be damaged, from an earlier check: {}. Uploading the same files again mends them.",
                self.known
            );
        }
        let checked = format!("pictures: {pictures}, models: {models}, embeddings: {embeddings}");
        match self.findings {
            0 => println!("Everything is in order ({checked})."),
            found => println!("Not in order: {found} ({checked})."),
        }
    }
}
