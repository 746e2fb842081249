//! Running other programs, so that an interruption reaches them and then ends this one in good order.

use anyhow::{Context, Result, ensure};
use nix::{
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use std::{
    env,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Output, Stdio, exit},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The process group of the program that this one waits for.
static AWAITED: Mutex<Option<Pid>> = Mutex::new(None);
static INTERRUPTIONS: AtomicU32 = AtomicU32::new(0);

/// From now on Ctrl-C and `kill` end the awaited program, and then the current task by an error, so that locks and
/// throw-away servers are cleaned up on the way out. The second one kills, the third gives up waiting.
pub fn install_signal_handler() -> Result<()> {
    ctrlc::set_handler(|| {
        let signal = match INTERRUPTIONS.fetch_add(1, Ordering::SeqCst) {
            0 => Signal::SIGTERM,
            1 => Signal::SIGKILL,
            _ => exit(130),
        };
        if let Some(group) = *awaited() {
            // An error says that it has just ended by itself.
            let _ = killpg(group, signal);
        }
    })
    .context("cannot listen for Ctrl-C")
}

pub fn was_interrupted() -> bool {
    INTERRUPTIONS.load(Ordering::SeqCst) > 0
}

/// An error once somebody has interrupted: this program's own long work asks between its parts.
pub fn check_interrupted() -> Result<()> {
    ensure!(!was_interrupted(), "interrupted");
    Ok(())
}

/// Runs a program to its end, its output going where this program's goes.
pub fn run(command: &mut Command) -> Result<()> {
    let (mut child, _awaited) = spawn(command.stdin(Stdio::null()))?;
    let status = child.wait()?;
    check_interrupted()?;
    ensure!(status.success(), "`{}` failed ({status})", described(command));
    Ok(())
}

/// Runs a program to its end and returns what it wrote to its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (child, _awaited) = spawn(piped)?;
    let Output { status, stdout, stderr } = child.wait_with_output()?;
    check_interrupted()?;
    let complaint = String::from_utf8_lossy(&stderr);
    ensure!(status.success(), "`{}` failed ({status}): {}", described(command), complaint.trim());
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// Whether a program, run in silence, ends well within `limit`. It is ended when it does not.
pub fn succeeds(command: &mut Command, limit: Duration) -> bool {
    let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok((mut child, _awaited)) = spawn(silent) else { return false };
    let deadline = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(50)),
            _ => {
                // Errors say that it has just ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The full path of a program, as the shell would find it.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Starts a program in a process group of its own, so that a signal reaches all that it starts in turn.
fn spawn(command: &mut Command) -> Result<(Child, Registration)> {
    // Held while starting: a signal comes either before, and nothing is started, or finds the new group.
    let mut group = awaited();
    check_interrupted()?;
    let child = command.process_group(0).spawn().with_context(|| format!("cannot run `{}`", described(command)))?;
    *group = Some(Pid::from_raw(child.id().cast_signed()));
    Ok((child, Registration))
}

/// Until it is dropped, signals reach the program in [`AWAITED`].
struct Registration;

impl Drop for Registration {
    fn drop(&mut self) {
        *awaited() = None;
    }
}

fn awaited() -> MutexGuard<'static, Option<Pid>> {
    AWAITED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn described(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    // One test: only one program at a time is awaited.
    #[test]
    fn programs_are_run_and_their_failures_told() {
        assert_eq!(output(Command::new("sh").args(["-c", "echo out; echo err >&2"])).expect("it succeeds"), "out\n");
        let error = output(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).expect_err("it fails");
        assert!(error.to_string().contains("why"), "{error}");
        let error = run(&mut Command::new("no-such-program")).expect_err("it is not there");
        assert!(error.to_string().contains("no-such-program"), "{error}");
        assert!(succeeds(&mut Command::new("true"), Duration::from_secs(5)));
        assert!(!succeeds(Command::new("sleep").arg("30"), Duration::from_millis(100)));
        assert!(find("sh").is_some());
        assert!(find("no-such-program").is_none());
    }
}
