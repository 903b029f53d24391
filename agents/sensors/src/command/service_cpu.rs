//! What asking costs elsewhere: a program such as `dumpsys` only passes the question on, and the work is done by
//! the system's server.

use std::time::Duration;

use crate::parse::process;
use crate::root::Root;

const SERVER: &str = "system_server";
/// Processes and threads looked at.
const MAX_ENTRIES: usize = 8192;

/// The process that answers.
#[derive(Debug)]
pub(crate) struct Server<'a> {
    root: &'a Root,
    pid: u32,
}

impl<'a> Server<'a> {
    /// Looks for it; a recorded folder has no processes.
    pub fn find(root: &'a Root) -> Option<Self> {
        let is_server =
            |pid: &u32| root.word(&["/proc/", &pid.to_string(), "/comm"].concat()).as_deref() == Some(SERVER);
        let pid = if root.is_live() { numbers(root, "/proc").find(is_server) } else { None };
        pid.map(|pid| Self { root, pid })
    }

    /// Processor time of the server so far; `None` where it cannot be seen.
    pub fn cpu(&self) -> Option<Duration> {
        let dir = ["/proc/", &self.pid.to_string()].concat();
        self.threads(&dir).or_else(|| self.ticks(&dir))
    }

    /// By thread, to the nanosecond: one question costs less than a tick of the clock.
    fn threads(&self, dir: &str) -> Option<Duration> {
        let tasks = [dir, "/task"].concat();
        let mut sum = None;
        for task in numbers(self.root, &tasks) {
            let Some(text) = self.root.word(&[&tasks, "/", &task.to_string(), "/schedstat"].concat()) else {
                continue;
            };
            let spent: u64 = text.split_ascii_whitespace().next()?.parse().ok()?;
            sum = Some(sum.unwrap_or(0_u64).saturating_add(spent));
        }
        sum.filter(|sum| *sum > 0).map(Duration::from_nanos)
    }

    fn ticks(&self, dir: &str) -> Option<Duration> {
        let text = self.root.read(&[dir, "/stat"].concat(), 1024).ok()?;
        let mut usage = [Err(edgesoak_protocol::Reason::Absent); 2];
        process::usage(&text, &mut usage);
        let ticks = usage[0].ok().and_then(|ticks| u64::try_from(ticks).ok())?;
        let nanoseconds = 1_000_000_000 / rustix::param::clock_ticks_per_second().max(1);
        Some(Duration::from_nanos(ticks.saturating_mul(nanoseconds)))
    }
}

/// Entries of a directory that are numbers.
fn numbers(root: &Root, dir: &str) -> impl Iterator<Item = u32> {
    let entries = root.entries(dir).into_iter().flatten().take(MAX_ENTRIES);
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_counted_by_thread_and_else_by_tick() {
        let dir = tempfile::tempdir().expect("a directory");
        let put = |path: &str, text: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
            std::fs::write(path, text).expect("a small file");
        };
        put("proc/7/comm", "init\n");
        put("proc/1234/comm", "system_server\n");
        put("proc/1234/stat", "1234 (system_server) S 1 2 3 4 5 6 7 8 9 10 30 12 0 0 20 0 90 0 77 0 0\n");
        let root = Root::live_at(dir.path(), "");
        let ticks = Duration::from_nanos(1_000_000_000 / rustix::param::clock_ticks_per_second() * 42);
        let server = Server::find(&root).expect("it runs");
        assert_eq!(server.cpu(), Some(ticks));
        put("proc/1234/task/1234/schedstat", "5000000 77 3\n");
        put("proc/1234/task/1250/schedstat", "2500 1 1\n");
        assert_eq!(server.cpu(), Some(Duration::from_nanos(5_002_500)));
        assert!(Server::find(&Root::recorded(dir.path())).is_none());
    }
}
