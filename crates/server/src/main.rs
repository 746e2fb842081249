//! The binary `pupil`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use server::{app::App, config::Settings, http, jobs, telemetry};
use std::net::TcpListener;

/// Teach a computer to tell pictures apart.
#[derive(Parser)]
#[command(name = "pupil", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web page and the REST API, with a worker inside unless PUPIL_WORKERS is 0.
    Serve(Settings),
    /// Embed and train only, without HTTP; run as many as there are machines.
    Worker(Settings),
    /// Print the REST API's OpenAPI description.
    Openapi,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve(settings) => serve(settings).await,
        Command::Worker(settings) => work(settings).await,
        Command::Openapi => {
            print!("{}", http::openapi::yaml().context("the OpenAPI description can't be written as YAML")?);
            Ok(())
        }
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    telemetry::start(&settings.log, settings.log_format)?;
    // Bound first: a taken port is said at once, and clients that connect early wait instead of failing.
    let listener = TcpListener::bind(&settings.listen)
        .with_context(|| format!("can't listen on {} (PUPIL_LISTEN): is another Pupil running?", settings.listen))?;
    let address = listener.local_addr()?;
    let app = App::open(settings).await?;
    let worker = match app.settings.workers {
        0 => None,
        _ => Some(jobs::worker::start(app.clone()).await?),
    };
    let server = http::server(app, listener)?;
    println!("Pupil is listening on http://{address}");
    server.await?;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    Ok(())
}

async fn work(settings: Settings) -> anyhow::Result<()> {
    telemetry::start(&settings.log, settings.log_format)?;
    let app = App::open(settings).await?;
    let worker = jobs::worker::start(app).await?;
    println!("Pupil's worker is waiting for jobs");
    telemetry::stop_signal().await?;
    worker.stop().await;
    Ok(())
}
