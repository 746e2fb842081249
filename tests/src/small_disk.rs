//! A disk so small that a test can fill it.

use crate::spawner;
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// What a full disk is filled with.
const FILLER: &str = "filler";

/// Memory that is mounted over a folder, for the programs alone that are started inside.
pub struct SmallDisk {
    holder: Child,
    folder: PathBuf,
}

impl SmallDisk {
    /// `None` where users may not mount anything of their own.
    pub fn mount(folder: &Path, mebibytes: u32) -> Option<Self> {
        let script = r#"mount -t tmpfs -o "size=$1m" tmpfs "$0" && echo mounted && exec sleep infinity"#;
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", script]).arg(folder).arg(mebibytes.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut holder = spawner::spawn(command).ok()?;
        let mut said = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut said).ok()?;
        let disk = Self { holder, folder: folder.to_owned() };
        (said.trim() == "mounted").then_some(disk)
    }

    /// What to begin the command of a program with that is to see the disk.
    pub fn enter(&self) -> Vec<String> {
        let holder = self.holder.id().to_string();
        ["nsenter", "--preserve-credentials", "--user", "--mount", "--target", &holder, "--"]
            .map(str::to_owned)
            .to_vec()
    }

    /// Leaves this many bytes of room.
    pub fn fill(&self, leave: usize) {
        let mut filler = File::create(self.filler()).expect("it is one's own");
        let reserve = self.path().join("reserve");
        fs::write(&reserve, vec![1; leave]).expect("there is room");
        for piece in [1 << 20, 1 << 12] {
            let zeros = vec![0; piece];
            while filler.write_all(&zeros).is_ok() {}
        }
        drop(filler);
        fs::remove_file(reserve).expect("just made");
    }

    /// Makes room again.
    pub fn free(&self) {
        fs::remove_file(self.filler()).expect("it was filled");
    }

    fn filler(&self) -> PathBuf {
        self.path().join(FILLER)
    }

    /// Where the disk is seen from outside.
    fn path(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        root.join(self.folder.strip_prefix("/").unwrap_or(&self.folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
