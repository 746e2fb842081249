//! A throw-away PostgreSQL server for one run of the tests.

use crate::{process, setup::test_tools};
use anyhow::{Context, Result, bail};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User},
};
use std::{
    env,
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Where the tests look for a PostgreSQL server.
pub const VARIABLE: &str = "PUPIL_TEST_POSTGRES";
const START_LIMIT: Duration = Duration::from_secs(60);

/// A server on a free port of this computer, which trusts everybody and keeps nothing; dropping it removes everything.
pub struct Cluster {
    folder: Folder,
    server: Child,
    port: u16,
}

impl Cluster {
    pub fn start() -> Result<Self> {
        let programs = test_tools::postgres_programs().context("PostgreSQL's server programs are missing")?;
        let owner = unprivileged_user()?;
        let folder = Folder::new(owner.as_ref())?;
        let data = folder.0.join("data");
        let initdb = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--pgdata"];
        process::output(as_user(owner.as_ref(), &programs.join("initdb"), &folder.0).args(initdb).arg(&data))?;

        let port = free_port()?;
        let log = folder.0.join("log");
        let server = as_user(owner.as_ref(), &programs.join("postgres"), &folder.0)
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder.0)
            .args(["-p", &port.to_string()])
            // Durability is of no use to what is thrown away; every test has its own database and pools.
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off"])
            .args(["-c", "full_page_writes=off", "-c", "max_connections=300"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            // Ctrl-C is for the tests: this one ends when they have ended.
            .process_group(0)
            .spawn()
            .context("cannot start PostgreSQL")?;
        let mut cluster = Self { folder, server, port };
        cluster.wait_until_ready(&programs.join("pg_isready"))?;
        Ok(cluster)
    }

    /// The address of its first database, for a user who may make more.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, pg_isready: &Path) -> Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        let port = self.port.to_string();
        loop {
            let mut question = Command::new(pg_isready);
            question.args(["--quiet", "--host=127.0.0.1", "--port", &port, "--username=postgres"]);
            if process::succeeds(&mut question, Duration::from_secs(5)) {
                return Ok(());
            }
            process::check_interrupted()?;
            if self.server.try_wait()?.is_some() || Instant::now() > deadline {
                let log = fs::read_to_string(self.folder.0.join("log")).unwrap_or_default();
                bail!("PostgreSQL did not start:\n{log}");
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // "Immediate" shutdown. Errors say that it has ended by itself.
        let _ = kill(Pid::from_raw(self.server.id().cast_signed()), Signal::SIGQUIT);
        let _ = self.server.wait();
    }
}

/// A folder that is removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(owner: Option<&User>) -> Result<Self> {
        // Below the system's folder for such things: another user could not reach it in a home folder.
        let path = env::temp_dir().join(format!("pupil-postgres-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        let folder = Self(path);
        if let Some(owner) = owner {
            chown(&folder.0, Some(owner.uid.as_raw()), Some(owner.gid.as_raw()))?;
        }
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("cannot remove {}: {error}", self.0.display());
        }
    }
}

/// PostgreSQL refuses to run as root: then the user to run it as; none when this is not root.
fn unprivileged_user() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
}

fn as_user(user: Option<&User>, program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    // The current folder may be closed to that user.
    command.current_dir(folder);
    if let Some(user) = user {
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
    }
    command
}

/// A port that nobody listens on now.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() -> Result<()> {
        let cluster = Cluster::start()?;
        let (folder, port) = (cluster.folder.0.clone(), cluster.port);
        assert_eq!(cluster.url(), format!("postgres://postgres@127.0.0.1:{port}/postgres"));
        TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        drop(cluster);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert!(!folder.exists());
        Ok(())
    }
}
