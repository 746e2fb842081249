//! Debian's packages, for what nothing else brings.

use crate::process;
use anyhow::{Result, ensure};
use nix::unistd::Uid;
use std::process::Command;

/// Installs packages, as root or through `sudo`; where neither is possible, an error says what to install by hand.
pub fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    ensure!(process::find("apt-get").is_some(), "please install what Debian calls {list}, then run this again");
    let root = Uid::effective().is_root();
    let may = root || process::output(Command::new("sudo").args(["-n", "true"])).is_ok();
    process::check_interrupted()?;
    ensure!(may, "please run `sudo apt-get install {list}`, then run this again");
    process::run(&mut apt_get(root, &["update", "-qq"]))?;
    process::run(apt_get(root, &["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt_get(root: bool, arguments: &[&str]) -> Command {
    // Through `env`, because sudo drops variables; no package may stop to ask a question.
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    command
}
