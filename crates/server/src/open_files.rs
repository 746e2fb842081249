//! How many files and connections this process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::thread::available_parallelism;

/// For databases, pictures and whatever else is not a connection.
const OTHER_FILES: u64 = 512;
/// What memory is planned for: a connection that does nothing takes some ten kB.
const CONNECTIONS: u64 = 32_768;

/// Raises the limit as far as the system lets everybody, and says how many connections each HTTP thread may hold: a
/// server that runs out of files could accept nobody.
pub fn connections_per_thread() -> usize {
    let threads = available_parallelism().map_or(1, usize::from) as u64;
    let connections = open_files().saturating_sub(OTHER_FILES).clamp(threads, CONNECTIONS);
    usize::try_from(connections / threads).unwrap_or(usize::MAX)
}

fn open_files() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wished = CONNECTIONS + OTHER_FILES;
    let raised = maximum.map_or(wished, |maximum| maximum.min(wished));
    if current.is_some_and(|current| current < raised) {
        let new = Rlimit { current: Some(raised), maximum };
        if let Err(error) = setrlimit(Resource::Nofile, new) {
            tracing::warn!("the limit of open files stays as it is: {error}");
        }
    }
    getrlimit(Resource::Nofile).current.unwrap_or(wished)
}
