//! Memory that is not used any more: what the C library, which libtorch allocates with, does with it.

use std::time::Duration;
use tokio::{task::spawn_blocking, time::MissedTickBehavior};

/// How often free memory is given back: it takes milliseconds, and what is needed again at once comes from the system anew.
const BETWEEN: Duration = Duration::from_secs(10);

/// Lets threads share a few arenas, the places that memory is taken from: one per core instead of eight, as memory that
/// is free in one is of no use to the others. To be called before there is a second thread.
pub fn share_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        let arenas = std::thread::available_parallelism().map_or(1, usize::from).max(2);
        // SAFETY: it takes no pointer, and nothing else runs yet.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, i32::try_from(arenas).unwrap_or(i32::MAX));
        }
    }
}

/// Gives free memory back to the system every now and then, for as long as the process lasts: the C library keeps what was
/// freed for the next time, and after many pictures that is hundreds of megabytes.
pub async fn give_back_regularly() {
    let mut beat = tokio::time::interval(BETWEEN);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        // An error means that the process is ending.
        let _ = spawn_blocking(give_back).await;
    }
}

fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes no pointer, may be called from any thread, and touches only memory that is free.
    unsafe {
        libc::malloc_trim(0);
    }
}
