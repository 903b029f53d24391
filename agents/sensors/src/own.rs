//! What measuring costs: the agent's own processor time and memory.

use std::fs::File;
use std::os::unix::fs::FileExt;

use rustix::time::{ClockId, clock_gettime};

use crate::clocks::nanoseconds;

/// The agent's own use of the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnUsage {
    /// Processor time of all its threads since it started, nanoseconds.
    pub cpu_ns: u64,
    /// Resident memory, bytes.
    pub rss_bytes: u64,
}

/// Reads the usage of this process; `None` where `/proc` does not show it.
pub fn usage() -> Option<OwnUsage> {
    let mut text = [0_u8; 128];
    let length = File::open("/proc/self/statm").and_then(|file| file.read_at(&mut text, 0)).ok()?;
    let pages = resident_pages(text.get(..length)?)?;
    Some(OwnUsage {
        cpu_ns: nanoseconds(clock_gettime(ClockId::ProcessCPUTime)),
        rss_bytes: pages.checked_mul(rustix::param::page_size() as u64)?,
    })
}

/// The second number of `statm`.
fn resident_pages(statm: &[u8]) -> Option<u64> {
    std::str::from_utf8(statm).ok()?.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_number_counts_resident_pages() {
        assert_eq!(resident_pages(b"512 123 100 1 0 200 0\n"), Some(123));
        assert_eq!(resident_pages(b"512"), None);
        assert_eq!(resident_pages(b"512 many"), None);
    }

    #[test]
    fn this_process_uses_something() {
        let usage = usage().expect("/proc is mounted where tests run");
        assert!(usage.rss_bytes > 4096);
        assert!(usage.cpu_ns > 0);
    }
}
