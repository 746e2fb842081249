//! `cargo xtask bench` sets up and starts this: it measures Pupil, and PyTorch beside it in the same minutes, and
//! writes what came out to `docs/benchmarks.md`. Rows that are not asked for keep what an earlier run has found.

mod bench;
mod line;
mod peer;
mod photos;
mod report;
mod rows;

use ::bench::{machine, statistics};
use anyhow::{Context, Result};
use bench::Bench;
use clap::Parser;
use report::Report;
use rows::Row;
use std::{path::PathBuf, time::Instant};

/// Measures Pupil beside PyTorch.
#[derive(Parser)]
struct Arguments {
    /// What to measure; everything when none is named
    rows: Vec<Row>,
    /// PyTorch's side: a script that prints JSON
    #[arg(long)]
    peer: Option<PathBuf>,
    /// The page to write
    #[arg(long)]
    page: PathBuf,
    /// What earlier runs have found, as JSON
    #[arg(long)]
    results: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let rows = if arguments.rows.is_empty() { Row::all().to_vec() } else { arguments.rows };
    let mut report = Report::open(arguments.results, arguments.page)?;
    let mut bench = Bench::start(arguments.peer)?;
    let begun = Instant::now();
    for (number, row) in rows.iter().enumerate() {
        println!("\n[{}/{}] {}", number + 1, rows.len(), row.about());
        let section = row.measure(&mut bench).await.with_context(|| format!("{row:?} could not be measured"))?;
        println!("\n{section}\n({:.0} s so far)", begun.elapsed().as_secs_f64());
        // After each, so that an interruption costs one row.
        report.put(*row, section)?;
    }
    Ok(())
}
