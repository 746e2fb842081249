//! What has been measured, kept as JSON and written as a page of Markdown.

use crate::{machine, rows::Row};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fmt::{self, Display},
    fs,
    path::PathBuf,
};
use time::{OffsetDateTime, macros::format_description};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// What one row has found.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    pub title: String,
    pub table: Table,
    /// How it was measured.
    pub how: String,
}

#[derive(Serialize, Deserialize)]
struct Found {
    section: Section,
    machine: String,
    date: String,
}

/// All sections, by the name of their row.
pub struct Report {
    results: PathBuf,
    page: PathBuf,
    found: BTreeMap<String, Found>,
}

impl Report {
    pub fn open(results: PathBuf, page: PathBuf) -> Result<Self> {
        // Unreadable means of another version: measured anew.
        let found = fs::read(&results).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Ok(Self { results, page, found })
    }

    /// Replaces what is known of a row, and writes the page anew.
    pub fn put(&mut self, row: Row, section: Section) -> Result<()> {
        let date = OffsetDateTime::now_utc().format(format_description!("[year]-[month]-[day]"))?;
        self.found.insert(row.name().into(), Found { section, machine: machine::describe(), date });
        if let Some(folder) = self.results.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.results, serde_json::to_vec_pretty(&self.found)?)?;
        fs::write(&self.page, self.markdown()).with_context(|| format!("cannot write {}", self.page.display()))
    }

    fn markdown(&self) -> String {
        let known = Row::all().into_iter().filter_map(|row| Some((row, self.found.get(row.name())?)));
        let mut page = String::from(HEADER);
        for (row, found) in known {
            page.push_str(&format!(
                "\n{}\n\n{}; {}; `cargo xtask bench {}`.\n",
                found.section,
                found.machine,
                found.date,
                row.name()
            ));
        }
        page
    }
}

const HEADER: &str = "# Benchmarks

Made by `cargo xtask bench`, which measures Pupil and, in the same minutes on the same machine, what one would write in
Python with PyTorch 2.11.0 and torchvision 0.26.0 as its tutorial on transfer learning does: eager, 32-bit floats, Pillow.
Figures differ from machine to machine; the ratios are what counts.
";

impl Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
        writeln!(f, "## {}\n\n{}", self.title, line(&self.table.heads))?;
        writeln!(f, "|{}", "---|".repeat(self.table.heads.len()))?;
        for row in &self.table.rows {
            writeln!(f, "{}", line(row))?;
        }
        write!(f, "\n{}", self.how)
    }
}
