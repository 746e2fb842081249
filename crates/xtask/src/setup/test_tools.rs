//! What only the tests need: a browser with its driver, PostgreSQL's server programs, curl.

use crate::{
    process,
    setup::{Step, apt, cache::Cache},
    stages::Outcome,
};
use anyhow::Result;
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Where Debian keeps PostgreSQL's server programs, which are not on the `PATH`.
const POSTGRES_FOLDERS: &str = "/usr/lib/postgresql";

/// Programs that Debian's packages bring.
pub struct DebianTool {
    name: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

pub fn all() -> [DebianTool; 3] {
    [
        DebianTool {
            name: "Chromium and its driver",
            packages: &["chromium", "chromium-driver"],
            is_there: has_browser,
        },
        DebianTool {
            name: "PostgreSQL's server programs",
            packages: &["postgresql"],
            is_there: || postgres_programs().is_some(),
        },
        DebianTool { name: "curl", packages: &["curl"], is_there: || process::find("curl").is_some() },
    ]
}

impl Step for DebianTool {
    fn name(&self) -> String {
        self.name.into()
    }

    fn about(&self) -> &str {
        "installing Debian's package"
    }

    fn is_there(&self, _: &Cache) -> bool {
        (self.is_there)()
    }

    fn get(&self, _: &Cache) -> Result<Outcome> {
        apt::install(self.packages)?;
        Ok(Outcome::Done)
    }
}

/// The program that drives the browser: the one in `CHROMEDRIVER`, else on the `PATH`.
pub fn chromedriver() -> Option<PathBuf> {
    env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| process::find("chromedriver"))
}

fn has_browser() -> bool {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    chromedriver().is_some() && browsers.into_iter().any(|browser| process::find(browser).is_some())
}

/// The folder of `initdb` and `postgres`, of the newest version where there are several.
pub fn postgres_programs() -> Option<PathBuf> {
    let has_both = |folder: &Path| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    let versions = fs::read_dir(POSTGRES_FOLDERS).into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path().join("bin"))
        .filter(|folder| has_both(folder))
        .max_by_key(|folder| version_of(folder));
    newest.or_else(|| process::find("initdb")?.parent().map(Path::to_owned).filter(|folder| has_both(folder)))
}

/// `15` of `/usr/lib/postgresql/15/bin`.
fn version_of(folder: &Path) -> Option<u32> {
    folder.parent()?.file_name()?.to_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        assert!(
            version_of(Path::new("/usr/lib/postgresql/15/bin")) > version_of(Path::new("/usr/lib/postgresql/9/bin"))
        );
    }
}
