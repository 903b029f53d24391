//! The clock of a simulated device's bench: this host's, and how far it is ahead of it.
//!
//! The lead lies in the sandbox as a number of nanoseconds. The device raises it by the length of a session, the host
//! by the time that it would otherwise wait; it never falls.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::error::DriverError;
use crate::local::files::device_error;

/// Name of the lead below the device's root.
const LEAD: &str = "ahead_ns";
/// Longest text of a lead.
const MAX_BYTES: usize = 24;

#[derive(Debug)]
pub(super) struct Bench {
    path: PathBuf,
    ahead_ns: AtomicU64,
}

impl Bench {
    pub(super) fn of(root: &Path) -> Self {
        Self { path: root.join(LEAD), ahead_ns: AtomicU64::new(0) }
    }

    /// The lead when it was looked at last.
    pub(super) fn ahead(&self) -> Duration {
        Duration::from_nanos(self.ahead_ns.load(Ordering::Relaxed))
    }

    /// Reads the lead anew.
    pub(super) fn look(&self) -> Result<(), DriverError> {
        let ahead = self.read().map_err(|error| device_error("reading", &self.path, error))?;
        self.ahead_ns.fetch_max(ahead, Ordering::Relaxed);
        Ok(())
    }

    /// Raises the lead.
    pub(super) fn skip(&self, time: Duration) -> Result<(), DriverError> {
        self.look()?;
        let more = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let ahead = self.ahead_ns.load(Ordering::Relaxed).saturating_add(more);
        let part = self.path.with_extension("part");
        fs::write(&part, ahead.to_string())
            .and_then(|()| fs::rename(&part, &self.path))
            .map_err(|error| device_error("writing", &self.path, error))?;
        self.ahead_ns.store(ahead, Ordering::Relaxed);
        Ok(())
    }

    /// A device that has done nothing yet is not ahead.
    fn read(&self) -> io::Result<u64> {
        match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Ok(text) if text.len() <= MAX_BYTES => text.trim().parse().map_err(io::Error::other),
            Ok(_) => Err(io::ErrorKind::InvalidData.into()),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_raised_by_both_sides_and_never_falls() {
        let dir = tempfile::tempdir().expect("a directory");
        let bench = Bench::of(dir.path());
        bench.look().expect("nothing is there yet");
        assert_eq!(bench.ahead(), Duration::ZERO);
        bench.skip(Duration::from_secs(10)).expect("writes");
        fs::write(dir.path().join(LEAD), "600000000000\n").expect("the device's session");
        bench.skip(Duration::from_secs(1)).expect("writes");
        assert_eq!(bench.ahead(), Duration::from_secs(601));
        fs::remove_file(dir.path().join(LEAD)).expect("it is there");
        bench.look().expect("nothing is no error");
        assert_eq!(bench.ahead(), Duration::from_secs(601));
    }

    #[test]
    fn nonsense_is_an_error() {
        let dir = tempfile::tempdir().expect("a directory");
        let bench = Bench::of(dir.path());
        for text in ["", "ten", "-1", &"9".repeat(25)] {
            fs::write(dir.path().join(LEAD), text).expect("room");
            assert!(bench.look().is_err(), "{text:?}");
        }
    }
}
