//! `cargo xtask fuzz`: inputs that nobody would think of, for everything that reads a stranger's bytes.

use crate::{
    process,
    setup::{self, setup},
    workspace,
};
use anyhow::{Context, Result, ensure};
use std::{env, fs, path::Path, process::Command};

/// What is fuzzed, and how long an input may be: longer ones only take longer.
const TARGETS: [(&str, u32); 3] = [("decode", 1 << 16), ("multipart", 1 << 13), ("weights", 1 << 13)];
/// More than any input should need, in MiB: decoding is bounded by what the header says.
const MEMORY: u32 = 2048;
/// Seconds that one input may take.
const PATIENCE: u32 = 20;

/// Which targets, and for how long.
#[derive(clap::Args)]
pub struct Arguments {
    /// decode, multipart, weights; all of them when none is named
    targets: Vec<String>,
    /// Seconds for each
    #[arg(long, default_value_t = 120)]
    seconds: u32,
}

/// Fuzzes each target. What brings one down is kept in `fuzz/found`, from where `cargo xtask test` tries it each time.
pub fn fuzz(arguments: &Arguments) -> Result<()> {
    for name in &arguments.targets {
        ensure!(TARGETS.iter().any(|(target, _)| target == name), "there is no target {name}");
    }
    setup(false)?;
    let tools = setup::fuzzer()?;
    let path = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect::<Vec<_>>();
    let path = env::join_paths([tools].into_iter().chain(path))?;
    let chosen = TARGETS
        .iter()
        .filter(|(target, _)| arguments.targets.is_empty() || arguments.targets.iter().any(|name| name == target));
    let mut failed = Vec::new();
    for (target, longest) in chosen {
        println!("\n{target}, for {} s", arguments.seconds);
        let outcome = process::run(fuzzer(target, *longest, arguments.seconds)?.env("PATH", &path));
        process::check_interrupted()?;
        let found = keep_found(target)?;
        if outcome.is_err() || found > 0 {
            failed.push(format!("{target} ({found} inputs in fuzz/found/{target})"));
        }
    }
    ensure!(failed.is_empty(), "these are to be mended: {}", failed.join(", "));
    println!("\nNothing was found.");
    Ok(())
}

/// Without a sanitizer, because this code is Rust without `unsafe`: what is looked for are panics, inputs that take very
/// long, and those that take much memory. It needs no nightly compiler then.
fn fuzzer(target: &str, longest: u32, seconds: u32) -> Result<Command> {
    let corpus = workspace::root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&corpus).with_context(|| format!("cannot make {}", corpus.display()))?;
    let mut fuzzer = workspace::cargo("fuzz");
    fuzzer.args(["run", "--sanitizer", "none", target]).arg(corpus);
    for folder in ["seeds", "found"] {
        let inputs = workspace::root().join("fuzz").join(folder).join(target);
        if inputs.is_dir() {
            fuzzer.arg(inputs);
        }
    }
    fuzzer.args(["--", &format!("-max_total_time={seconds}"), &format!("-max_len={longest}")]);
    fuzzer.args([&format!("-rss_limit_mb={MEMORY}"), &format!("-timeout={PATIENCE}"), "-print_final_stats=1"]);
    // It compiles into a folder of its own, and nothing tells its programs where libtorch is.
    fuzzer.env_remove("CARGO_TARGET_DIR").env("LD_LIBRARY_PATH", workspace::root().join(".setup/libtorch/lib"));
    Ok(fuzzer)
}

/// Moves what the fuzzer has written down to where the tests find it, and says how many inputs that were.
fn keep_found(target: &str) -> Result<usize> {
    let artifacts = workspace::root().join("fuzz/artifacts").join(target);
    let found = workspace::root().join("fuzz/found").join(target);
    let Ok(files) = fs::read_dir(&artifacts) else { return Ok(0) };
    let mut count = 0;
    for file in files {
        let file = file?.path();
        let name = file.file_name().unwrap_or_default();
        fs::create_dir_all(&found)?;
        move_to(&file, &found.join(name))?;
        count += 1;
    }
    Ok(count)
}

fn move_to(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).with_context(|| format!("cannot move {} to {}", from.display(), to.display()))
}
