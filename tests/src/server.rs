//! A real server process: started, stopped, killed.

use crate::{
    client::Client,
    database::{Database, create_postgres_database},
    spawner, workspace,
};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    env,
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// The secret of the shared servers, so that tests can make tokens that only the server could have made.
pub const SECRET: &str = "a-secret-that-only-these-tests-and-their-servers-know";

/// Loading two backbones on a busy machine is the slowest part.
const START_UP: Duration = Duration::from_secs(90);
const SHUT_DOWN: Duration = Duration::from_secs(30);
const LISTENING: &str = "Pupil is listening on ";
const LOG_LINES_SHOWN: usize = 60;

/// What outlives a server process: its data folder, its database, its settings.
pub struct Home {
    data: TempDir,
    settings: Vec<(String, String)>,
    /// What its programs' commands begin with.
    inside: Vec<String>,
}

impl Home {
    /// A new and empty one.
    pub async fn new(database: Database) -> Self {
        let data = tempfile::tempdir_in(workspace::run_folder()).expect("the run's folder can be written");
        let home = Self { data, settings: Vec::new(), inside: Vec::new() };
        match database {
            Database::Sqlite => home,
            Database::Postgres => home.with("DATABASE_URL", create_postgres_database().await),
        }
    }

    /// Sets an environment variable of the server.
    pub fn with(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.settings.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Has its programs started by another, which is given their commands.
    pub fn inside(self, other: Vec<String>) -> Self {
        Self { inside: other, ..self }
    }

    /// What an environment variable was set to.
    ///
    /// # Panics
    /// When it was not.
    pub fn setting(&self, name: &str) -> &str {
        let found = self.settings.iter().rev().find(|(known, _)| known == name);
        &found.unwrap_or_else(|| panic!("{name} is not set")).1
    }

    pub fn data_folder(&self) -> &Path {
        self.data.path()
    }

    /// A `pupil` command with this home's settings, and none of the environment's but where weights and libraries are.
    pub fn command(&self) -> Command {
        let program = workspace::program();
        let mut command = match self.inside.split_first() {
            None => Command::new(program),
            Some((other, arguments)) => {
                let mut command = Command::new(other);
                command.args(arguments).arg(program);
                command
            }
        };
        let is_setting = |name: &str| name == "DATABASE_URL" || name.starts_with("PUPIL_");
        for (name, _) in env::vars() {
            if is_setting(&name) && !name.starts_with("PUPIL_WEIGHTS_") {
                command.env_remove(name);
            }
        }
        command
            // A developer's own wish for backtraces is not part of what users see.
            .env_remove("RUST_BACKTRACE")
            .env("PUPIL_LISTEN", "127.0.0.1:0")
            .env("PUPIL_DATA_DIR", self.data.path())
            .env("PUPIL_WEB_DIR", workspace::web_folder())
            // All tests come from one address.
            .env("PUPIL_LOGINS_PER_ADDRESS", "0")
            .env("PUPIL_SIGNUPS_PER_ADDRESS", "0")
            .env("PUPIL_LOG", env::var("PUPIL_LOG").unwrap_or_else(|_| "info".into()))
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }
}

/// A running `pupil serve`. It is killed when dropped, and its log's end shown if that is because a test failed.
pub struct Server {
    process: Child,
    address: String,
    log: PathBuf,
}

impl Server {
    /// Starts a server and waits until it says where it listens.
    ///
    /// # Panics
    /// When it does not; the message holds its log.
    pub fn start(home: &Home) -> Self {
        let log = workspace::run_folder().join(format!("server-{}.log", Uuid::now_v7().simple()));
        let log_file = File::create(&log).expect("the run's folder can be written");
        let mut command = home.command();
        command.arg("serve").stdout(Stdio::piped()).stderr(log_file.try_clone().expect("a file can be shared"));
        let mut process = spawner::spawn(command).expect("the program can be run");
        let stdout = process.stdout.take().expect("it was asked for");
        let Ok(address) = watch_for_address(stdout, log_file).recv_timeout(START_UP) else {
            panic!("the server did not start\n{}", end_of(&log));
        };
        Self { process, address, log }
    }

    /// The server that the tests of one process share; started by the first that asks.
    pub async fn shared(database: Database) -> &'static Self {
        static SHARED: [OnceCell<(Home, Server)>; 2] = [OnceCell::const_new(), OnceCell::const_new()];
        let cell = match database {
            Database::Sqlite => &SHARED[0],
            Database::Postgres => &SHARED[1],
        };
        let start = async || {
            let home = Home::new(database).await.with("PUPIL_SECRET", SECRET);
            let server = Self::start(&home);
            (home, server)
        };
        &cell.get_or_init(start).await.1
    }

    /// `http://127.0.0.1:PORT`, or `https://…` where it was set to encrypt.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The number of its process.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// A client that has not logged in.
    pub fn client(&self) -> Client {
        Client::new(&self.address)
    }

    /// Everything that the server has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.process.kill().expect("the process runs");
        self.process.wait().expect("it is a child of this process");
    }

    /// Asks it to end, and waits until it has.
    pub fn stop(self) -> ExitStatus {
        self.ask_to_end();
        self.ended()
    }

    /// Asks it to end.
    pub fn ask_to_end(&self) {
        let pid = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw).expect("a child has a process id");
        kill_process(pid, Signal::TERM).expect("the process runs");
    }

    /// Waits until it has ended.
    pub fn ended(mut self) -> ExitStatus {
        self.wait_for_end()
    }

    fn wait_for_end(&mut self) -> ExitStatus {
        let (give_up, between_looks) = (std::time::Instant::now() + SHUT_DOWN, Duration::from_millis(20));
        loop {
            if let Some(status) = self.process.try_wait().expect("it is a child of this process") {
                return status;
            }
            assert!(std::time::Instant::now() < give_up, "the server did not end within {SHUT_DOWN:?}");
            thread::sleep(between_looks);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            eprintln!("{}", end_of(&self.log));
        }
    }
}

/// Shows the end of a shared server's log if the test fails while this is alive.
pub struct LogOnFailure(pub &'static Server);

impl Drop for LogOnFailure {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{}", end_of(&self.0.log));
        }
    }
}

/// Copies standard output to the log, without end, and tells the address when it comes by.
fn watch_for_address(stdout: ChildStdout, mut log: File) -> Receiver<String> {
    let (found, address) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some(address) = line.strip_prefix(LISTENING) {
                // The receiver is gone after the first, or when it has lost patience.
                let _ = found.send(address.trim().trim_end_matches('/').to_owned());
            }
            // A full disk will show in the tests themselves.
            let _ = writeln!(log, "{line}");
        }
    });
    address
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_else(|e| format!("(unreadable: {e})"));
    let lines: Vec<&str> = text.lines().collect();
    let shown = &lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..];
    format!("--- the server's log ends so ({}):\n{}\n---", log.display(), shown.join("\n"))
}
