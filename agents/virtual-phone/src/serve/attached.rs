//! What is otherwise where the runner lives in a root of its own: its files lie elsewhere, and its process is a real one.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use edgesoak_protocol::units::Bytes;

use super::device::Device;
use super::error::ServeError;
use super::phone::Phone;

/// The file, below the folder, in which whoever lays the runtime's simulated files over those of its process tells that
/// it has done so: the number of the process.
pub(crate) const SHOWN: &str = "run/shown";
/// Nobody waits longer for that: a runtime whose own memory is seen is better than one that never begins.
const PATIENCE: Duration = Duration::from_millis(500);
const LOOK: Duration = Duration::from_millis(2);
/// What a process holds that has loaded nothing.
const ANON: Bytes = Bytes(1 << 20);
const FILE: Bytes = Bytes(3 << 20);

impl Phone {
    /// A file of the runner.
    pub(super) fn seen_by_us(&self, path: &str) -> PathBuf {
        self.files.join(path.trim_start_matches('/'))
    }

    /// Answers a runner's first word. Whoever hears it looks at the process next and keeps its files open, so that they
    /// must be the simulated ones by then.
    pub(super) fn greet(&mut self, device: &Device<'_>) -> Result<(), ServeError> {
        if let (Some(_), Some(caller)) = (&self.abi, &self.desk.caller) {
            let pid = caller.pid;
            self.hold(ANON, FILE)?;
            self.write(device.body())?;
            self.wait_until_shown(pid);
        }
        self.say(self.caps());
        Ok(())
    }

    fn wait_until_shown(&self, pid: u32) {
        let (mark, pid) = (self.tree.path(SHOWN), pid.to_string());
        let end = Instant::now() + PATIENCE;
        while !fs::read_to_string(&mark).is_ok_and(|shown| shown == pid) && Instant::now() < end {
            thread::sleep(LOOK);
        }
    }
}
