//! Memory that is not used any more.

/// Gives it back to the system: the C library, which libtorch allocates with, keeps what was freed for the next time, and
/// after many pictures that is hundreds of megabytes. Takes milliseconds; to be called when a piece of work is over.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes no pointer, may be called from any thread, and touches only memory that is free.
    unsafe {
        libc::malloc_trim(0);
    }
}
