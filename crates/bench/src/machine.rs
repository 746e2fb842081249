//! The machine that was measured on, in words.

use std::fs;

/// Processor, cores, memory, system.
pub fn describe() -> String {
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|total| total.trim_end_matches(" kB").parse::<u64>().ok())
        .map_or_else(String::new, |kilobytes| format!(", {} GiB of memory", (kilobytes + (1 << 19)) >> 20));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let family = field("/proc/cpuinfo", "cpu family").map_or_else(String::new, |family| format!(", family {family}"));
    format!("{cpu}{family}, {cores} cores{memory}, {} {}", std::env::consts::OS, kernel.trim())
}

/// Bytes of a process that are in memory now, and at most since it began.
pub fn memory(process: u32) -> [u64; 2] {
    ["VmRSS", "VmHWM"].map(|name| {
        let kilobytes = field(&format!("/proc/{process}/status"), name);
        kilobytes.and_then(|value| value.trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or_default() << 10
    })
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
