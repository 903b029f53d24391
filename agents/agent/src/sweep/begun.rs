//! When a session began, on the clock that file systems write times by; and what became of that clock since.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use edgesoak_protocol::journal::{Header, read_header};
use edgesoak_protocol::probe::ClockReading;

/// Seconds and nanoseconds of the file system's clock.
pub(super) type Moment = (i64, i64);

/// Most bytes of a journal that are read for its header.
const MOST: u64 = 1 << 20;
const NANOS: i128 = 1_000_000_000;

/// When a file, or its name, was last changed. No program can set it, but it follows the wall clock.
pub(super) fn changed(path: &Path) -> io::Result<Moment> {
    fs::metadata(path).map(|found| (found.ctime(), found.ctime_nsec()))
}

/// What changed at this moment or later may be of a session whose folder lies in `run`; `None` where nothing tells what
/// the clock did since, so that anything may be.
pub(super) fn since(run: &Path, journal: &Path, now: &Now) -> io::Result<Option<Moment>> {
    let came = changed(run)?;
    Ok(header(journal).map(|header| now.since(came, &header)))
}

/// The clocks at the search, and which boot it is.
#[derive(Debug, Clone)]
pub(super) struct Now {
    pub(super) clocks: ClockReading,
    pub(super) boot_id: String,
}

impl Now {
    /// A clock that was set back since, or by a reboot, gives new files older times than those of the session's folder.
    fn since(&self, came: Moment, header: &Header) -> Moment {
        let before = i128::from(header.wall_ns) - i128::from(header.boottime_ns);
        let now = i128::from(self.clocks.wall_ns) - i128::from(self.clocks.boottime_ns);
        let came = i128::from(came.0) * NANOS + i128::from(came.1);
        // The session's agent began after its folder was made, however the clock was set between.
        let came = came.min(i128::from(header.wall_ns));
        let is_same_boot = !self.boot_id.is_empty() && self.boot_id == header.boot_id;
        let since = if is_same_boot { came - (before - now).max(0) } else { came.min(now) };
        moment(since.max(0))
    }
}

fn moment(nanos: i128) -> Moment {
    let whole = |nanos: i128| i64::try_from(nanos).unwrap_or(i64::MAX);
    (whole(nanos / NANOS), whole(nanos % NANOS))
}

fn header(journal: &Path) -> Option<Header> {
    let mut bytes = Vec::new();
    File::open(journal).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
    read_header(&bytes).ok().flatten().map(|(header, _)| header)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3600 * 1_000_000_000;

    fn header_at(wall_ns: u64, boottime_ns: u64) -> Header {
        Header {
            run: "run".to_owned(),
            session: "one".to_owned(),
            boot_id: "boot".to_owned(),
            mono_ns: 0,
            boottime_ns,
            wall_ns,
            agent: String::new(),
            is_virtual: false,
            groups: Vec::new(),
            channels: Vec::new(),
        }
    }

    fn since(wall_ns: u64, boottime_ns: u64, boot_id: &str) -> i64 {
        let clocks = ClockReading { mono_ns: 0, boottime_ns, wall_ns };
        let now = Now { clocks, boot_id: boot_id.to_owned() };
        now.since((100 * 3600 - 60, 0), &header_at(100 * HOUR, 5 * HOUR)).0
    }

    #[test]
    fn a_clock_that_is_set_back_hides_nothing() {
        let came = 100 * 3600 - 60;
        assert_eq!(since(101 * HOUR, 6 * HOUR, "boot"), came, "it went on");
        assert_eq!(since(201 * HOUR, 6 * HOUR, "boot"), came, "it was set forward");
        assert_eq!(since(99 * HOUR, 6 * HOUR, "boot"), came - 2 * 3600, "it was set back by two hours");
        assert_eq!(since(HOUR, 6 * HOUR, "boot"), 0, "nothing is older than the epoch");
        assert_eq!(since(101 * HOUR, HOUR / 2, "next"), came, "a reboot with a good clock");
        assert_eq!(since(3 * HOUR, HOUR, "next"), 2 * 3600, "a reboot that forgot the time");
    }

    #[test]
    fn a_clock_that_was_set_between_folder_and_journal_counts_from_the_earlier() {
        let now = Now {
            clocks: ClockReading { mono_ns: 0, boottime_ns: 6 * HOUR, wall_ns: 51 * HOUR },
            boot_id: "boot".to_owned(),
        };
        assert_eq!(now.since((100 * 3600, 0), &header_at(50 * HOUR, 5 * HOUR)), (50 * 3600, 0));
    }

    #[test]
    fn without_a_header_anything_may_be_of_the_session() {
        let dir = tempfile::tempdir().expect("a folder");
        let clocks = ClockReading { mono_ns: 0, boottime_ns: 0, wall_ns: 0 };
        let now = Now { clocks, boot_id: String::new() };
        let journal = dir.path().join("journal");
        fs::write(&journal, "torn").expect("room");
        assert_eq!(super::since(dir.path(), &journal, &now).expect("there"), None);
        assert!(super::since(&dir.path().join("nowhere"), &journal, &now).is_err());
    }
}
