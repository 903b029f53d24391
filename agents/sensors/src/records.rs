//! What the system recorded of processes that died, and what one of its users moved over the network: read before
//! a runtime starts and after it ended, never while it is measured.
//!
//! Counts and times only. What a log or a tombstone says of a process may hold what the process was working on.

use std::time::{Duration, SystemTime};

use edgesoak_protocol::{Reading, Reason};

use crate::capture::{Capture, Crashes, Fact, Kind, crashes};
use crate::command::Limits;
use crate::parse::keyed;
use crate::{Root, errno};

const TOMBSTONES: &str = "/data/tombstones";
/// Entries of its folder that are looked at: Android keeps some dozens.
const MAX_TOMBSTONES: usize = 1024;
/// Longest log that is read, bytes.
const MAX_LOG: usize = 512 << 10;
/// Times of kills that are kept.
const MAX_TIMES: usize = 4;
/// Longest time of a log's line, bytes.
const MAX_TIME: usize = 24;
/// Who logs that a process was killed or crashed.
const TAGS: [&str; 6] =
    ["lowmemorykiller:V", "lmkd:V", "killinfo:V", "am_kill:V", "DEBUG:V", "AndroidRuntime:V"];

/// Processes that the kernel killed for want of memory since boot.
///
/// # Errors
/// Why the counter cannot be read.
pub fn oom_kills(root: &Root) -> Reading<u64> {
    let text = root.read("/proc/vmstat", 64 << 10).map_err(|error| errno::reason(&error))?;
    let mut count = [Err(Reason::Absent)];
    keyed::numbers(&text, &["oom_kill"], &mut count);
    count[0].and_then(|count| u64::try_from(count).map_err(|_| Reason::Parse))
}

/// Tombstones that were written since then.
///
/// # Errors
/// Why they cannot be counted: on most devices they are another user's.
pub fn tombstones(root: &Root, since: SystemTime) -> Reading<u32> {
    let entries = root.entries(TOMBSTONES).map_err(|error| errno::reason(&error))?;
    let mut count = 0;
    for entry in entries.take(MAX_TOMBSTONES) {
        let entry = entry.map_err(|error| errno::reason(&error))?;
        // Each is there once as a text and once for programs.
        if entry.path().extension().is_some()
            || !entry.file_name().to_string_lossy().starts_with("tombstone_")
        {
            continue;
        }
        let changed = entry.metadata().and_then(|file| file.modified());
        count += u32::from(changed.map_err(|error| errno::reason(&error))? >= since);
    }
    Ok(count)
}

/// What the log holds of killed and crashed processes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logged {
    /// Lines with which lmkd or the kernel's own killer says that it killed the process for want of memory.
    pub low_memory: u32,
    /// Lines with which the activity manager says that it killed the process.
    pub by_system: u32,
    /// When, as the log says; the first few.
    pub times: Vec<String>,
    /// Crashes of any process and of this one.
    pub crashes: Crashes,
}

/// Asks the log for what became of a process since then.
///
/// # Errors
/// Why the log tells nothing; [`Reason::Failed`] where it did not answer in time.
pub fn logged(root: &Root, pid: u32, since: SystemTime, deadline: Duration) -> Reading<Logged> {
    let since = since.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let since = format!("{}.{:03}", since.as_secs(), since.subsec_millis());
    let buffers = ["-d", "-b", "crash", "-b", "main", "-b", "system", "-b", "events"];
    let from = ["-v", "threadtime", "-T", &since, "-s"];
    let argv: Vec<&str> = ["logcat"].into_iter().chain(buffers).chain(from).chain(TAGS).collect();
    let answer = root.run(&argv, &Limits { deadline, most: MAX_LOG, first_line: false });
    let text = answer.text?;
    if answer.exit.is_some_and(|code| code != 0) {
        return Err(Reason::Failed);
    }
    let mut logged = of_process(&Kind::Lmkd.parse(&text), pid);
    logged.crashes = crashes(&text, pid);
    Ok(logged)
}

fn of_process(capture: &Capture, pid: u32) -> Logged {
    let mut logged = Logged::default();
    for (name, fact) in capture.facts() {
        let Some(kill) = name.strip_suffix("/pid").filter(|_| *fact == Fact::Number(pid.into())) else {
            continue;
        };
        let word = |tail: &str| match capture.facts().get(&[kill, tail].concat()) {
            Some(Fact::Word(word)) => word.as_str(),
            _ => "",
        };
        let count = if word("/source") == "am_kill" { &mut logged.by_system } else { &mut logged.low_memory };
        *count += 1;
        let time = word("/time");
        if is_time(time) && logged.times.len() < MAX_TIMES {
            logged.times.push(time.to_owned());
        }
    }
    logged
}

fn is_time(text: &str) -> bool {
    (1..=MAX_TIME).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:. ".contains(&byte))
}

/// What a user of the device moved since boot, bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Received.
    pub received: u64,
    /// Sent.
    pub sent: u64,
}

/// What this user moved over any network. A user that the map lacks has moved nothing, where the map was printed.
///
/// # Errors
/// Why it cannot be told; [`Reason::Failed`] where the service did not answer in time.
pub fn moved(root: &Root, uid: u32, deadline: Duration) -> Reading<Moved> {
    let answer = root.run(&["dumpsys", "netstats"], &Limits { deadline, ..Limits::default() });
    let whole = answer.whole;
    let capture = Kind::Netstats.parse(&answer.text?);
    let of = |tail: &str| -> Reading<u64> {
        let channel = format!("network/uid/{uid}/{tail}");
        if let Some(reading) = capture.readings().iter().find(|reading| reading.channel == channel) {
            return reading.value.map(rounded);
        }
        if let Some(none) = capture.readings().iter().find(|reading| reading.channel == "network/uid/any") {
            return none.value.map(rounded);
        }
        let cut = !whole || capture.facts().contains_key("truncated");
        if cut { Err(Reason::Parse) } else { Ok(0) }
    };
    Ok(Moved { received: of("rx-bytes")?, sent: of("tx-bytes")? })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a counter of bytes, read from one"
)]
fn rounded(bytes: f64) -> u64 {
    bytes as u64
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;

    /// A tree and a program that prints this.
    fn device(program: &str, prints: &str) -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().expect("a folder");
        let bin = dir.path().join("bin");
        fs::create_dir(&bin).expect("made");
        fs::write(bin.join("text"), prints).expect("written");
        let script = format!("#!/bin/sh\necho \"$*\" > {0}/asked\ncat {0}/text\n", bin.display());
        fs::write(bin.join(program), script).expect("written");
        fs::set_permissions(bin.join(program), fs::Permissions::from_mode(0o700)).expect("a program");
        let search = format!("{}:/bin:/usr/bin", bin.display());
        let root = Root::live_at(dir.path(), search);
        (dir, root)
    }

    fn put(dir: &Path, path: &str, text: &str) {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    const PATIENCE: Duration = Duration::from_secs(30);

    #[test]
    fn the_log_tells_who_killed_the_process_and_when() {
        let log = "\
07-28 10:46:14.514   479   479 I lowmemorykiller: Kill 'runner' (4321), uid 2000, oom_score_adj 900 to free 9kB rss
07-28 10:46:15.000   479   479 I killinfo: [4321,2000,900,900,9]
07-28 10:46:15.100  1020  1020 I am_kill : [0,4321,runner,900,stop it]
07-28 10:46:16.514   479   479 I lowmemorykiller: Kill 'other' (5), uid 10001, oom_score_adj 900 to free 9kB rss
";
        let (dir, root) = device("logcat", log);
        let since = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_250);
        let logged = logged(&root, 4321, since, PATIENCE).expect("it answers");
        assert_eq!((logged.low_memory, logged.by_system), (2, 1));
        assert_eq!(logged.times[0], "07-28 10:46:14.514");
        assert_eq!(logged.crashes, Crashes::default());
        let asked = fs::read_to_string(dir.path().join("bin/asked")).expect("asked");
        assert!(asked.contains("-T 1700000000.250 -s "), "{asked}");
    }

    #[test]
    fn a_time_is_made_of_digits() {
        assert!(is_time("07-28 10:46:14.514") && is_time("12.345678"));
        assert!(!is_time("") && !is_time("1 what the user asked") && !is_time(&"1".repeat(25)));
    }

    #[test]
    fn a_user_without_a_row_moved_nothing_where_the_map_was_printed() {
        let map = "mAppUidStatsMap:\n  uid rxBytes rxPackets txBytes txPackets\n  2000 4096 8 512 4\n";
        let (_dir, root) = device("dumpsys", map);
        assert_eq!(moved(&root, 2000, PATIENCE), Ok(Moved { received: 4096, sent: 512 }));
        assert_eq!(moved(&root, 2001, PATIENCE), Ok(Moved { received: 0, sent: 0 }));
        let (_dir, root) = device("dumpsys", "mAppUidStatsMap: OK\n");
        assert_eq!(moved(&root, 2000, PATIENCE), Err(Reason::Absent));
        let none = tempfile::tempdir().expect("a folder");
        let root = Root::live_at(none.path(), none.path());
        assert_eq!(moved(&root, 2000, PATIENCE), Err(Reason::CommandMissing));
    }

    #[test]
    fn only_new_tombstones_count_and_a_refused_folder_is_no_zero() {
        let (dir, root) = device("none", "");
        assert_eq!(tombstones(&root, SystemTime::UNIX_EPOCH), Err(Reason::Absent));
        for name in ["tombstone_00", "tombstone_00.pb", "tombstone_01", "notes"] {
            put(dir.path(), &format!("data/tombstones/{name}"), "text");
        }
        assert_eq!(tombstones(&root, SystemTime::UNIX_EPOCH), Ok(2));
        assert_eq!(tombstones(&root, SystemTime::now() + Duration::from_hours(1)), Ok(0));
        put(dir.path(), "refused.txt", "EACCES /data/tombstones\n");
        assert_eq!(tombstones(&Root::recorded(dir.path()), SystemTime::UNIX_EPOCH), Err(Reason::Denied));
    }

    #[test]
    fn the_kernel_counts_its_kills() {
        let (dir, root) = device("none", "");
        assert_eq!(oom_kills(&root), Err(Reason::Absent));
        put(dir.path(), "proc/vmstat", "pgmajfault 4\noom_kill 3\n");
        assert_eq!(oom_kills(&root), Ok(3));
    }
}
