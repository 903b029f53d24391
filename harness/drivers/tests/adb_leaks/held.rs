//! What this process holds that others could need.

use std::fs;
use std::io;

/// Descriptors and threads of this process, and its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub descriptors: usize,
    pub threads: usize,
    pub processes: usize,
}

impl Held {
    /// What it holds now; children count until they are reaped.
    pub fn now() -> io::Result<Self> {
        let mut processes = 0;
        for task in fs::read_dir("/proc/self/task")?.flatten() {
            // A thread that ended meanwhile has none.
            let listed = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            processes += listed.split_whitespace().count();
        }
        let count = |path: &str| fs::read_dir(path).map(Iterator::count);
        Ok(Self { descriptors: count("/proc/self/fd")?, threads: count("/proc/self/task")?, processes })
    }
}
