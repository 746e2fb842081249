//! What came of it, as a part of a page of Markdown.

use crate::watch::Seen;
use anyhow::{Context, Result};
use bench::{
    machine,
    statistics::{median, quantile},
};
use pupil_tests::{
    Database,
    load::{Action, Outcome, Plan},
};
use std::{fmt::Write as _, fs, path::Path, time::Duration};
use time::{OffsetDateTime, macros::format_description};

/// Looking at a list and labelling a picture are what a person waits for without thinking.
const QUICK: [Action; 2] = [Action::List, Action::Label];
const QUICK_SECONDS: f64 = 0.1;
/// Memory is compared between this share of the time and its end: what comes before is filling caches.
const SETTLED: f64 = 0.2;
/// So much more at the end of a long time counts as flat; a shorter time tells nothing.
const FLAT: f64 = 1.1;
const LONG: Duration = Duration::from_secs(10 * 60);

pub fn markdown(database: Database, plan: &Plan, outcome: &Outcome, seen: &Seen) -> String {
    let mut text =
        String::from("| what | times | median | p95 | p99 | goal for p99 | reached |\n|---|---|---|---|---|---|---|\n");
    for (action, seconds) in &outcome.seconds {
        let [median, p95, p99] = [median(seconds), quantile(seconds, 0.95), quantile(seconds, 0.99)];
        let (goal, reached) = match QUICK.contains(action) {
            true => (format!("≤ {:.0} ms", QUICK_SECONDS * 1e3), if p99 <= QUICK_SECONDS { "yes" } else { "**no**" }),
            false => Default::default(),
        };
        let ms = |seconds: f64| format!("{:.0} ms", seconds * 1e3);
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {goal} | {reached} |",
            name(*action),
            seconds.len(),
            ms(median),
            ms(p95),
            ms(p99)
        );
    }
    let date = OffsetDateTime::now_utc().format(format_description!("[year]-[month]-[day]")).unwrap_or_default();
    let refused: u64 = outcome.refused.values().sum();
    let _ = write!(
        text,
        "\n{people} people on one server with {database:?} for {seconds:.0} s, each doing the next thing {pause} ms after the last on \
         average; {failures} answers were the server's fault, {refused} things were refused, {lost} of all that was acknowledged \
         were lost. {embedded:.0} pictures were embedded meanwhile, {rate:.0} a second; {waiting:.0} jobs waited at the end. {memory} \
         {machine}; {date}.",
        people = plan.people,
        seconds = outcome.lasted.as_secs_f64(),
        pause = plan.pause.as_millis(),
        failures = outcome.failures.len(),
        lost = outcome.lost.len(),
        embedded = seen.embedded,
        rate = seen.embedded / outcome.lasted.as_secs_f64(),
        waiting = seen.waiting,
        memory = memory(&seen.memory),
        machine = machine::describe(),
    );
    text
}

fn name(action: Action) -> &'static str {
    match action {
        Action::List => "list pictures",
        Action::Label => "label a picture",
        Action::Upload => "upload two pictures",
        Action::Predict => "predict one picture",
        Action::Train => "train, until the model is ready",
    }
}

/// What was to be reached and was not, in words.
pub fn missed(plan: &Plan, outcome: &Outcome, seen: &Seen) -> Vec<String> {
    let mut missed = Vec::new();
    for action in QUICK {
        match outcome.seconds.get(&action).map(|seconds| quantile(seconds, 0.99)) {
            Some(p99) if p99 <= QUICK_SECONDS => {}
            Some(p99) => missed.push(format!("to {} took {:.0} ms (p99)", name(action), p99 * 1e3)),
            None => missed.push(format!("nobody came to {}", name(action))),
        }
    }
    if seen.embedded == 0.0 {
        missed.push("nothing was embedded meanwhile".into());
    }
    let [settled, end] = settled_and_end(&seen.memory);
    if plan.lasts >= LONG && end > settled * FLAT {
        missed.push(format!("memory grew from {settled:.0} to {end:.0} MiB"));
    }
    missed
}

fn memory(samples: &[u64]) -> String {
    let [settled, end] = settled_and_end(samples);
    format!(
        "Memory was {settled:.0} MiB after a fifth of the time and {end:.0} MiB at the end, {:.0} MiB at most.",
        samples.iter().max().copied().unwrap_or_default() as f64 / f64::from(1 << 20)
    )
}

/// MiB of memory after a fifth of the time and at its end: means of a tenth of the samples, so that one picture being decoded
/// does not tell the whole.
fn settled_and_end(samples: &[u64]) -> [f64; 2] {
    let tenth = (samples.len() / 10).max(1);
    let mean = |samples: &[u64]| samples.iter().sum::<u64>() as f64 / samples.len().max(1) as f64 / f64::from(1 << 20);
    let settled = (samples.len() as f64 * SETTLED) as usize;
    let begin = samples.get(settled..(settled + tenth).min(samples.len())).unwrap_or_default();
    [mean(begin), mean(&samples[samples.len().saturating_sub(tenth)..])]
}

/// Puts the text between the marks of this database on the page.
pub fn write(page: &Path, database: Database, text: &str) -> Result<()> {
    let old = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let [begin, end] = ["begin", "end"].map(|edge| format!("<!-- load {database:?}: {edge} -->"));
    let missing = || format!("{} has no place for the figures: {begin}", page.display());
    let (before, rest) = old.split_once(&begin).with_context(missing)?;
    let (_, after) = rest.split_once(&end).with_context(missing)?;
    fs::write(page, format!("{before}{begin}\n{text}\n{end}{after}"))
        .with_context(|| format!("cannot write {}", page.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_replace_those_of_the_same_database() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("page.md");
        let text = "A\n<!-- load Sqlite: begin -->\nold\n<!-- load Sqlite: end -->\n<!-- load Postgres: begin -->\n<!-- load Postgres: end -->\nZ";
        fs::write(&page, text).expect("a file");
        write(&page, Database::Sqlite, "new").expect("there is a place");
        let found = fs::read_to_string(&page).expect("a file");
        assert!(found.contains("begin -->\nnew\n<!-- load Sqlite") && !found.contains("old") && found.ends_with("Z"));
    }

    #[test]
    fn what_was_missed_is_named() {
        let plan = |minutes: u64| Plan { people: 1, lasts: Duration::from_secs(60 * minutes), pause: Duration::ZERO };
        let seconds = |list| [(Action::List, vec![list; 50]), (Action::Label, vec![0.02; 50])].into();
        let outcome = |list| Outcome { seconds: seconds(list), ..Outcome::default() };
        let seen = |end: u64| Seen { memory: [[400 << 20; 50], [end << 20; 50]].concat(), embedded: 9.0, waiting: 0.0 };
        assert!(missed(&plan(10), &outcome(0.09), &seen(430)).is_empty());
        assert!(missed(&plan(1), &outcome(0.09), &seen(500)).is_empty(), "one minute tells nothing");
        assert_eq!(missed(&plan(10), &outcome(0.09), &seen(500)), ["memory grew from 400 to 500 MiB"]);
        assert_eq!(missed(&plan(10), &outcome(0.3), &seen(400)), ["to list pictures took 300 ms (p99)"]);
        assert_eq!(missed(&plan(10), &Outcome::default(), &seen(400)).len(), 2);
        let nothing = Seen { embedded: 0.0, ..seen(400) };
        assert_eq!(missed(&plan(10), &outcome(0.09), &nothing), ["nothing was embedded meanwhile"]);
    }

    #[test]
    fn memory_is_compared_once_it_has_settled() {
        let mib = |value: u64| value << 20;
        let samples: Vec<u64> = (0..20).map(|second| mib(if second < 4 { 100 } else { 300 + second })).collect();
        assert_eq!(
            memory(&samples),
            "Memory was 304 MiB after a fifth of the time and 318 MiB at the end, 319 MiB at most."
        );
    }
}
