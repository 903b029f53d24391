//! The clocks of a phone that lives through ten minutes in an instant.
//!
//! Its bench is ahead of the host by all the time that it has simulated. The host knows that lead, because it reads the
//! same file: what the host compares with a phone's clock is the bench's time, and so a phone keeps pace with it as
//! any phone does. Sleep and jumps are the phone's own and are seen by the host.

use std::fs;
use std::path::{Path, PathBuf};

use edgesoak_agent::sha256_hex;
use edgesoak_protocol::probe::ClockReading;
use edgesoak_protocol::units::Nanos;
use edgesoak_sensors::{Root, clocks, identity};
use serde::{Deserialize, Serialize};

use super::error::SandboxError;

const LEAD: &str = "ahead_ns";
const PAST: &str = "clocks.json";
/// The file that the agent reads the identity of a boot from, below the home.
const BOOT_ID: &str = "system/proc/sys/kernel/random/boot_id";
/// When the phone was booted, before the host was: an hour and up to a day more, by its seed.
const BOOTED_BEFORE_S: u64 = 3_600;
const SECONDS_OF_A_DAY: u64 = 86_400;

/// What a phone's clocks went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Past {
    /// How far its monotonic clock is from the bench's beside its time up: it stands in sleep, and may jump. ns.
    #[serde(default)]
    pub(super) mono_off_ns: i64,
    /// The same of the clock that goes on in sleep, ns.
    #[serde(default)]
    pub(super) boottime_off_ns: i64,
    /// How often it restarted.
    #[serde(default)]
    pub(super) restarts: u32,
}

/// A phone's clocks.
#[derive(Debug)]
pub(super) struct Bench {
    home: PathBuf,
    seed: u64,
    ahead_ns: u64,
    past: Past,
}

impl Bench {
    /// The clocks as they stand now.
    pub(super) fn of(home: &Path, seed: u64) -> Result<Self, SandboxError> {
        let lead = read(&home.join(LEAD))?.map_or(Ok(0), |text| text.trim().parse::<u64>());
        let lead =
            lead.map_err(std::io::Error::other).map_err(SandboxError::file("reading", home.join(LEAD)))?;
        let past =
            read(&home.join(PAST))?.map_or_else(|| Ok(Past::default()), |text| serde_json::from_str(&text));
        let past =
            past.map_err(std::io::Error::from).map_err(SandboxError::file("reading", home.join(PAST)))?;
        Ok(Self { home: home.to_owned(), seed, ahead_ns: lead, past })
    }

    /// What the clocks show.
    pub(super) fn read(&self) -> ClockReading {
        let up_ns = (BOOTED_BEFORE_S + self.seed % SECONDS_OF_A_DAY) * 1_000_000_000;
        let up_ns = clocks::mono_ns().saturating_add(self.ahead_ns).saturating_add(up_ns);
        ClockReading {
            mono_ns: up_ns.saturating_add_signed(self.past.mono_off_ns),
            boottime_ns: up_ns.saturating_add_signed(self.past.boottime_off_ns),
            wall_ns: clocks::wall_ns().saturating_add(self.ahead_ns),
        }
    }

    /// Identity of this boot: another one after every restart of phone or host, and on every phone.
    pub(super) fn boot_id(&self) -> String {
        let host = identity::boot_id(&Root::live());
        let text = format!("{host} {} {} {}", self.home.display(), self.seed, self.past.restarts);
        let digest = sha256_hex(text.as_bytes());
        let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }

    /// Puts the identity of this boot where the agent looks for it.
    pub(super) fn write_boot_id(&self) -> Result<(), SandboxError> {
        let path = self.home.join(BOOT_ID);
        let text = self.boot_id() + "\n";
        if read(&path)?.as_deref() == Some(text.as_str()) {
            return Ok(());
        }
        let dir = path.parent().unwrap_or(&self.home);
        fs::create_dir_all(dir).map_err(SandboxError::file("making", dir))?;
        write(&path, &text)
    }

    /// Moves the clocks on by what was just simulated: `passed` in truth, with what the clocks went through in it.
    pub(super) fn live_through(&mut self, passed: Nanos, more: Past) -> Result<(), SandboxError> {
        self.past.mono_off_ns = self.past.mono_off_ns.saturating_add(more.mono_off_ns);
        self.past.boottime_off_ns = self.past.boottime_off_ns.saturating_add(more.boottime_off_ns);
        self.past.restarts = self.past.restarts.saturating_add(more.restarts);
        let text = serde_json::to_string(&self.past).map_err(std::io::Error::from);
        let text = text.map_err(SandboxError::file("encoding", self.home.join(PAST)))?;
        write(&self.home.join(PAST), &text)?;
        self.ahead_ns = self.ahead_ns.saturating_add(passed.0);
        write(&self.home.join(LEAD), &self.ahead_ns.to_string())
    }
}

fn read(path: &Path) -> Result<Option<String>, SandboxError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SandboxError::file("reading", path)(error)),
    }
}

fn write(path: &Path, text: &str) -> Result<(), SandboxError> {
    let part = path.with_extension("part");
    fs::write(&part, text).and_then(|()| fs::rename(&part, path)).map_err(SandboxError::file("writing", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_simulated_minutes_move_the_clocks_by_ten_minutes() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut bench = Bench::of(dir.path(), 7).expect("fresh");
        let before = bench.read();
        bench.live_through(Nanos::from_secs(600), Past::default()).expect("writes");
        let after = Bench::of(dir.path(), 7).expect("kept").read();
        for moved in [
            after.mono_ns - before.mono_ns,
            after.boottime_ns - before.boottime_ns,
            after.wall_ns - before.wall_ns,
        ] {
            // The host's own clocks go on meanwhile.
            assert!((600_000_000_000..660_000_000_000).contains(&moved), "{moved}");
        }
    }

    #[test]
    fn sleep_and_jumps_are_seen_and_a_restart_is_another_boot() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut bench = Bench::of(dir.path(), 7).expect("fresh");
        let (boot, before) = (bench.boot_id(), bench.read());
        assert_eq!(before.boottime_ns, before.mono_ns);
        bench
            .live_through(Nanos(0), Past { mono_off_ns: -5_000_000_000, ..Past::default() })
            .expect("writes");
        let slept = bench.read();
        assert_eq!(slept.boottime_ns - slept.mono_ns, 5_000_000_000);
        assert_eq!(bench.boot_id(), boot);
        bench.live_through(Nanos(0), Past { restarts: 1, ..Past::default() }).expect("writes");
        assert_ne!(bench.boot_id(), boot);
        bench.write_boot_id().expect("writes");
        assert_eq!(identity::boot_id(&Root::new(dir.path().join("system"))), bench.boot_id());
        assert_eq!(bench.boot_id().len(), 36);
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::write(dir.path().join(LEAD), "soon").expect("room");
        assert!(Bench::of(dir.path(), 0).is_err());
        fs::write(dir.path().join(LEAD), "1").expect("room");
        fs::write(dir.path().join(PAST), "{\"slept\": 1}").expect("room");
        assert!(Bench::of(dir.path(), 0).is_err());
    }
}
