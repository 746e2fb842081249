//! Child processes that can't outlive the tests.

use rustix::process::{Signal, set_parent_process_death_signal};
use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command},
    sync::{
        LazyLock,
        mpsc::{Sender, SyncSender, channel, sync_channel},
    },
    thread,
};

type Order = (Command, SyncSender<io::Result<Child>>);

/// Starts a process that the kernel ends together with this one, however this one ends.
///
/// A "parent's death" is the death of the thread that forked, and libtest gives each test a thread of its own. All
/// children are therefore started from one thread that lasts.
pub fn spawn(command: Command) -> io::Result<Child> {
    static SPAWNER: LazyLock<Sender<Order>> = LazyLock::new(|| {
        let (orders, inbox) = channel::<Order>();
        thread::spawn(move || {
            for (mut command, reply) in inbox {
                // Nobody waits for the reply only if the asking test has been ended, and then its process goes too.
                let _ = reply.send(dies_with_parent(&mut command).spawn());
            }
        });
        orders
    });
    let (reply, answer) = sync_channel(1);
    SPAWNER.send((command, reply)).expect("the spawner never ends");
    answer.recv().expect("the spawner always replies")
}

fn dies_with_parent(command: &mut Command) -> &mut Command {
    // SAFETY: between fork and exec only one system call is made, which neither allocates nor locks.
    unsafe { command.pre_exec(|| Ok(set_parent_process_death_signal(Some(Signal::KILL))?)) }
}
