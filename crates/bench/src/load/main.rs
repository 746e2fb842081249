//! `cargo xtask load` sets up and starts this: many people use one server at once, and what they saw is written into
//! `docs/operations.md`.

mod report;
mod watch;

use anyhow::{Result, ensure};
use clap::Parser;
use pupil_tests::{
    Database, Home, Server,
    load::{self, Plan},
};
use std::{path::PathBuf, time::Duration};

/// Has many people use Pupil at once.
#[derive(Parser)]
struct Arguments {
    #[arg(long, default_value_t = 64)]
    people: usize,
    /// How long they stay
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Milliseconds between two things that a person does, on average
    #[arg(long, default_value_t = 500)]
    pause: u64,
    /// On PostgreSQL instead of SQLite
    #[arg(long)]
    postgres: bool,
    /// The page to write the figures into
    #[arg(long)]
    page: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let database = if arguments.postgres { Database::Postgres } else { Database::Sqlite };
    ensure!(database.is_available(), "there is no PostgreSQL server");
    // The network is this machine: all people have one address, as in a classroom behind a router.
    let home = Home::new(database).await.with("PUPIL_LOG", "warn");
    let server = Server::start(&home);
    let plan = Plan {
        people: arguments.people,
        lasts: Duration::from_secs(arguments.seconds),
        pause: Duration::from_millis(arguments.pause),
    };
    println!("{} people use Pupil for {} s.", plan.people, arguments.seconds);
    let (outcome, seen) = load::run(&server, plan, watch::watch(&server, plan.lasts)).await;
    let text = report::markdown(database, &plan, &outcome, &seen);
    println!("\n{text}");
    report::write(&arguments.page, database, &text)?;
    ensure!(outcome.failures.is_empty(), "some answers were the server's fault: {:#?}", outcome.failures);
    ensure!(outcome.lost.is_empty(), "something was lost: {:#?}", outcome.lost);
    let missed = report::missed(&plan, &outcome, &seen);
    ensure!(missed.is_empty(), "not reached: {}", missed.join("; "));
    Ok(())
}
