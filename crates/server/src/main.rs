//! The binary `pupil`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use server::{
    app::App,
    auth,
    config::{Settings, secret_file},
    http, jobs, memory,
    operator::{self, Accounts, UserCommand},
    telemetry, tls,
};
use std::{
    io::Write,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::ExitCode,
};

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
    /// Look whether every picture, model and embedding is there and as it was written; a server may be running.
    ///
    /// Says what is not in plain sentences, and ends with 0 when all is in order, with 1 when something is not, and with 2
    /// when it could not look.
    Check {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Make again what can be made again, and set the rest aside: it then counts as damaged.
        #[arg(long)]
        repair: bool,
    },
    /// Save everything in one file; a server may be running.
    ///
    /// Ends with 1 when the backup is whole, but something in Pupil was missing or damaged already.
    Backup {
        #[command(flatten)]
        settings: Box<Settings>,
        /// Where to; there must be no such file yet.
        file: PathBuf,
    },
    /// Restore a backup into an empty database and store, whichever kind of database it came from.
    Restore {
        #[command(flatten)]
        settings: Box<Settings>,
        /// The file that `pupil backup` has made.
        file: PathBuf,
    },
    /// Manage accounts, beside a running server too.
    User {
        #[command(flatten)]
        accounts: Accounts,
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Have new log-ins signed with a new secret. Those that are open go on, as the old secrets are kept.
    RotateSecret {
        /// Folder of the data, as `pupil serve` has it.
        #[arg(long, env = "PUPIL_DATA_DIR", default_value = "data")]
        data_dir: PathBuf,
    },
    /// Print the REST API's OpenAPI description.
    Openapi,
}

fn main() -> anyhow::Result<ExitCode> {
    memory::share_arenas();
    run(Cli::parse().command)
}

#[tokio::main]
async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(settings) => {
            serve(settings).await?;
            end();
        }
        Command::Worker(settings) => {
            work(settings).await?;
            end();
        }
        Command::Check { settings, repair } => return Ok(found(server::check::check(&settings, repair).await)),
        Command::Backup { settings, file } => return Ok(found(server::backup::save(&settings, &file).await)),
        Command::Restore { settings, file } => {
            server::backup::restore(&settings, &file).await.context("nothing is restored")?;
        }
        Command::User { accounts, command } => operator::run(accounts, command).await?,
        Command::RotateSecret { data_dir } => rotate_secret(&data_dir)?,
        Command::Openapi => {
            print!("{}", http::openapi::yaml().context("the OpenAPI description can't be written as YAML")?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends the process without the C libraries' own clean-up: libtorch's would pull things away from under a thread that is
/// still in the middle of a batch. What has to last is on the disk by now.
fn end() -> ! {
    // An error means that nobody reads it.
    let _ = std::io::stdout().flush();
    // SAFETY: nothing is left to do in this process.
    unsafe { libc::_exit(0) }
}

/// Whether all was in order, or that it could not be told.
fn found(result: anyhow::Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    telemetry::start(&settings.sight)?;
    // Bound first: a taken port is said at once, and clients that connect early wait instead of failing.
    let listener = TcpListener::bind(&settings.listen)
        .with_context(|| format!("can't listen on {} (PUPIL_LISTEN): is another Pupil running?", settings.listen))?;
    let address = listener.local_addr()?;
    tokio::spawn(memory::give_back_regularly());
    let app = App::open(settings).await?;
    let worker = match app.settings.workers {
        0 => None,
        _ => Some(jobs::worker::start(app.clone()).await?),
    };
    let jobs = app.jobs.clone();
    tokio::spawn(async move {
        match telemetry::stop_signal().await {
            Ok(()) => jobs.stop(),
            Err(error) => tracing::error!("signals can't be received: {error}"),
        }
    });
    let settings = app.settings.clone();
    watch(&app)?;
    let server = http::server(app, listener)?;
    greet(&settings, address)?;
    server.await?;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    Ok(())
}

fn rotate_secret(data_dir: &Path) -> anyhow::Result<()> {
    if std::env::var_os("PUPIL_SECRET").is_some() {
        anyhow::bail!(
            "PUPIL_SECRET is set, so the data folder's secret is not used: put a new one first in PUPIL_SECRET"
        );
    }
    let file = secret_file(data_dir);
    let count = auth::rotate_secret(data_dir, &file)?;
    println!(
        "A new secret stands first in {}; {} are accepted. Restart `pupil serve` to use it.",
        file.display(),
        count
    );
    println!("Delete a line once nothing that it has signed is needed any more: log-ins last for PUPIL_SESSION_HOURS.");
    Ok(())
}

/// Tells where Pupil can be reached, and what a browser will say.
fn greet(settings: &Settings, address: SocketAddr) -> anyhow::Result<()> {
    let scheme = if settings.edge.has_tls() { "https" } else { "http" };
    println!("Pupil is listening on {scheme}://{address}");
    let urls = tls::addresses::urls(scheme, address);
    if !urls.is_empty() {
        println!("On this network: {}", urls.join(" or "));
    }
    if let Some(fingerprint) = tls::fingerprint(settings)? {
        println!("Browsers will warn that they don't know the certificate, on each device once: Pupil made it itself.");
        println!("Before going on, compare its SHA-256 fingerprint: {fingerprint}");
        if address.ip().is_loopback() {
            println!("Only this computer can reach it; PUPIL_LISTEN=0.0.0.0:8443 lets the others on the network in.");
        }
    } else if !urls.is_empty() && !settings.is_https() {
        println!("Browsers let a page use the camera over HTTPS only: PUPIL_SELF_SIGNED=true is the short way there.");
    }
    Ok(())
}

/// Lets operators watch at an address of their own, if there is one.
fn watch(app: &App) -> anyhow::Result<()> {
    if let Some(address) = http::sight::listen(app)? {
        println!("Metrics are at http://{address}/metrics");
    }
    Ok(())
}

async fn work(settings: Settings) -> anyhow::Result<()> {
    telemetry::start(&settings.sight)?;
    tokio::spawn(memory::give_back_regularly());
    let app = App::open(settings).await?;
    watch(&app)?;
    let jobs = app.jobs.clone();
    let worker = jobs::worker::start(app).await?;
    println!("Pupil's worker is waiting for jobs");
    telemetry::stop_signal().await?;
    jobs.stop();
    worker.stop().await;
    Ok(())
}
