//! `cargo xtask`: gets what Pupil needs, builds it, runs it, tests it and measures it.

mod bench;
mod faults;
mod fuzz;
mod load;
mod process;
mod run;
mod screenshots;
mod setup;
mod stages;
mod test;
mod web;
mod workspace;

use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Gets what Pupil needs, builds it, runs it, tests it and measures it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Download what Pupil needs into the cache folder; afterwards plain `cargo build` works
    Setup {
        /// Also get what the tests need: a browser, PostgreSQL, curl
        #[arg(long)]
        tests: bool,
    },
    /// Build the page into dist/, compressed
    Web,
    /// Set up, build and start Pupil
    Run {
        /// Handed on to `pupil serve`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Take a picture of every screen and state of the page, wide and narrow, light and dark
    Screenshots(screenshots::Arguments),
    /// Set up, check and test everything; with arguments: build, and run only those tests
    Test {
        /// Handed on to `cargo test`: a part of the tests' names, `--package NAME`, …
        #[arg(allow_hyphen_values = true)]
        selection: Vec<String>,
        /// Handed on to the test programs: `-- --nocapture`
        #[arg(last = true)]
        harness: Vec<String>,
    },
    /// Try inputs that nobody would think of on everything that reads a stranger's bytes
    Fuzz(fuzz::Arguments),
    /// Have many people use one server at once, and write what they saw into docs/operations.md
    Load {
        /// --people 64 --seconds 60 --pause 500 (milliseconds), and --postgres for PostgreSQL instead of SQLite
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Kill processes, fill disks and take the database away, for as long as it takes to believe that nothing is lost
    Faults {
        /// Only those tests whose names contain this
        selection: Option<String>,
    },
    /// Measure Pupil beside PyTorch and write docs/benchmarks.md; takes a quarter of an hour on a machine that does nothing else
    Bench {
        /// What to measure, everything when none is named: embed, train, fine-tune, photo, predict, meanwhile, many, backbones
        rows: Vec<String>,
        /// PyTorch's side: a script that prints JSON [default: ../shared/bench/pytorch_baseline.py, where it is]
        #[arg(long)]
        peer: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let result = process::install_signal_handler().and_then(|()| match Arguments::parse().task {
        Task::Setup { tests } => setup::setup(tests),
        Task::Web => web::build(),
        Task::Run { arguments } => run::run(&arguments),
        Task::Screenshots(arguments) => screenshots::take(&arguments),
        Task::Test { selection, harness } => test::test(&selection, &harness),
        Task::Fuzz(arguments) => fuzz::fuzz(&arguments),
        Task::Load { arguments } => load::load(&arguments),
        Task::Faults { selection } => faults::faults(selection.as_deref()),
        Task::Bench { rows, peer } => bench::bench(&rows, peer),
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::was_interrupted() => {
            eprintln!("\nInterrupted. What is done is kept: run the same command again to go on.");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
