//! A PostgreSQL server of a test's own, to be stopped and started.

use crate::{deadline::eventually, notice::notice, spawner};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;
use tokio_postgres::{Config, NoTls};

/// A throw-away server, ended and removed when dropped.
pub struct Cluster {
    programs: PathBuf,
    user: Option<(u32, u32)>,
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Cluster {
    /// Makes and starts one; `None`, after saying why, where that is not possible.
    pub async fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            notice("PostgreSQL's server programs are not here (`cargo xtask setup --tests` gets them)");
            return None;
        };
        let user = match rustix::process::geteuid().is_root().then(|| id("postgres").or_else(|| id("nobody"))) {
            None => None,
            Some(None) => {
                notice("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`");
                return None;
            }
            Some(user) => user,
        };
        // Below the system's folder for such things: another user may not reach the build's.
        let folder = TempDir::with_prefix_in("pupil-faults-", env::temp_dir()).expect("a folder can be made");
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(folder.path(), Some(uid), Some(gid)).expect("root may");
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|free| free.local_addr());
        let port = port.expect("some port is free").port();
        let mut cluster = Self { programs, user, folder, port, process: None };
        let mut initdb = cluster.command("initdb");
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--pgdata"]);
        let made = initdb.arg(cluster.data()).output().expect("the program can be run");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        cluster.start_again().await;
        Some(cluster)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it at once, as a crash would.
    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let pid = i32::try_from(process.id()).ok().and_then(Pid::from_raw).expect("a child has a process id");
        kill_process(pid, Signal::QUIT).expect("it runs");
        process.wait().expect("it is a child of this process");
    }

    /// Starts it after a stop, and waits until it answers.
    pub async fn start_again(&mut self) {
        let mut server = self.command("postgres");
        server
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.folder.path())
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.process = Some(spawner::spawn(server).expect("the program can be run"));
        let config: Config = self.url().parse().expect("just made");
        eventually("PostgreSQL answers", async || config.connect(NoTls).await.ok().map(drop)).await;
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.folder.path());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder of the newest PostgreSQL's programs.
fn programs() -> Option<PathBuf> {
    let of_debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let on_path: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let has = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
    of_debian.chain(on_path).filter(has).max()
}

/// A user's and its group's numbers.
fn id(user: &str) -> Option<(u32, u32)> {
    let passwd = fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let line = passwd.lines().find(|line| line.split(':').next() == Some(user))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
