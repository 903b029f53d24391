//! Devices that nobody should use before a person has looked at them, across all runs of this host.
//!
//! ```text
//! <state>/quarantine/<device>.json    why it is there, and what the last check of its health showed
//!                    cleared.jsonl    who let which one out again, and why: one line each
//! ```

mod spells;

use std::io;
use std::path::{Path, PathBuf};

use edgesoak_protocol::units::Nanos;
use edgesoak_record::session::SessionClose;
use serde::{Deserialize, Serialize};

use crate::machine::not_run;
use crate::world::{Disk, SystemDisk};

const MAX_RECORD: u64 = 64 << 10;
/// The log of devices that were let out.
const CLEARED: &str = "cleared.jsonl";
/// Longest reason that is kept, characters.
const MAX_REASON: usize = 600;

/// A device in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Device id of the matrix.
    pub device: String,
    /// Whose fault it is: `device`, `lab`, `config`, `harness`.
    pub whose: String,
    /// A sentence.
    pub why: String,
    /// Wall time since the Unix epoch.
    pub since: Nanos,
    /// Run that put it there.
    pub run: String,
    /// What the last check of its health showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<HealthCheck>,
}

/// A short run with a candidate that is known to be good, on a device in quarantine. It never lets the device out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// The run.
    pub run: String,
    /// Its verdict in a word, such as `pass`.
    pub verdict: String,
    /// Wall time since the Unix epoch.
    pub at: Nanos,
}

#[derive(Serialize)]
struct Cleared<'a> {
    #[serde(flatten)]
    was: &'a Quarantined,
    let_out: Nanos,
    reason: &'a str,
}

/// The devices in quarantine.
pub struct Ward<'d> {
    disk: &'d dyn Disk,
    dir: PathBuf,
}

impl Ward<'_> {
    /// What this host knows of a device.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn of_host(state_dir: &Path, device: &str) -> io::Result<Option<Quarantined>> {
        Ward::new(&SystemDisk::default(), state_dir).get(device)
    }

    /// Keeps what a check of a device's health showed; `false` if the device is not in quarantine.
    ///
    /// # Errors
    /// If that cannot be read or written.
    pub fn keep_check(state_dir: &Path, device: &str, check: HealthCheck) -> io::Result<bool> {
        let disk = SystemDisk::default();
        let ward = Ward::new(&disk, state_dir);
        let Some(found) = ward.get(device)? else { return Ok(false) };
        ward.write(&Quarantined { check: Some(check), ..found }).map(|()| true)
    }

    /// Puts a device into quarantine; one that is there already stays there for what it was put there first.
    ///
    /// # Errors
    /// If that cannot be read or written.
    pub fn put_of_host(state_dir: &Path, quarantined: &Quarantined) -> io::Result<()> {
        Ward::new(&SystemDisk::default(), state_dir).put(quarantined)
    }

    /// Lets a device out, for a reason that a person gives; what it was there for, if it was there.
    ///
    /// # Errors
    /// If that cannot be read or written: then it stays.
    pub fn clear(state_dir: &Path, device: &str, reason: &str, at: Nanos) -> io::Result<Option<Quarantined>> {
        let disk = SystemDisk::default();
        let ward = Ward::new(&disk, state_dir);
        let Some(was) = ward.get(device)? else { return Ok(None) };
        let reason: String = reason.chars().take(MAX_REASON).collect();
        let mut line = serde_json::to_vec(&Cleared { was: &was, let_out: at, reason: &reason })?;
        line.push(b'\n');
        let log = ward.dir.join(CLEARED);
        disk.append(&log, &line).and_then(|()| disk.sync(&log))?;
        disk.remove(&ward.file(device))?;
        Ok(Some(was))
    }
}

impl<'d> Ward<'d> {
    pub(crate) fn new(disk: &'d dyn Disk, state_dir: &Path) -> Self {
        Self { disk, dir: state_dir.join("quarantine") }
    }

    fn file(&self, device: &str) -> PathBuf {
        self.dir.join(format!("{device}.json"))
    }

    /// What is known of a device. A record that cannot be understood is no reason to use it.
    pub(crate) fn get(&self, device: &str) -> io::Result<Option<Quarantined>> {
        let path = self.file(device);
        if self.disk.length(&path)?.is_none() {
            return Ok(None);
        }
        let bytes = self.disk.read(&path, MAX_RECORD)?;
        Ok(Some(serde_json::from_slice(&bytes).unwrap_or_else(|_| Quarantined {
            device: device.to_owned(),
            whose: "lab".to_owned(),
            why: format!("its record {} is damaged", path.display()),
            since: Nanos(0),
            run: String::new(),
            check: None,
        })))
    }

    /// Puts a device into quarantine; one that is there already stays there for what it was put there first.
    pub(crate) fn put(&self, quarantined: &Quarantined) -> io::Result<()> {
        if self.get(&quarantined.device)?.is_some() {
            return Ok(());
        }
        self.write(quarantined)
    }

    fn write(&self, quarantined: &Quarantined) -> io::Result<()> {
        self.disk.create_dirs(&self.dir)?;
        let text = serde_json::to_vec_pretty(quarantined)?;
        self.disk.write_atomically(&self.file(&quarantined.device), &text)
    }

    /// Why a session does not begin on a device.
    pub(crate) fn bars(&self, device: &str) -> Option<SessionClose> {
        match self.get(device) {
            Ok(None) => None,
            Ok(Some(found)) => {
                let since =
                    if found.run.is_empty() { String::new() } else { format!(" since run {}", found.run) };
                let text = format!(
                    "{device} is in quarantine{since}: {}; `edgesoak devices --check {device}` looks at it, \
                     `edgesoak devices --clear {device} --reason TEXT` lets it out",
                    found.why
                );
                Some(not_run("quarantined", &found.whose, &text))
            }
            Err(error) => {
                let text = format!("whether {device} is in quarantine cannot be read: {error}");
                Some(not_run("quarantined", "lab", &text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quarantined(why: &str) -> Quarantined {
        Quarantined {
            device: "d1".to_owned(),
            whose: "device".to_owned(),
            why: why.to_owned(),
            since: Nanos(5),
            run: "r1".to_owned(),
            check: None,
        }
    }

    #[test]
    fn a_device_stays_until_a_person_lets_it_out() {
        let dir = tempfile::tempdir().expect("a folder");
        let (state, disk) = (dir.path(), SystemDisk::default());
        let ward = Ward::new(&disk, state);
        assert_eq!(ward.bars("d1"), None);
        assert_eq!(Ward::clear(state, "d1", "why not", Nanos(6)).expect("readable"), None);
        ward.put(&quarantined("first")).expect("room");
        ward.put(&quarantined("second")).expect("room");
        let bars = ward.bars("d1").expect("it is there");
        assert_eq!((bars.cause.as_str(), bars.whose.as_str()), ("quarantined", "device"));
        assert!(bars.detail.contains("since run r1: first"), "{}", bars.detail);
        assert_eq!(ward.bars("d2"), None);
        let check = HealthCheck { run: "r2".to_owned(), verdict: "pass".to_owned(), at: Nanos(7) };
        assert!(Ward::keep_check(state, "d1", check.clone()).expect("room"));
        assert!(!Ward::keep_check(state, "d2", check.clone()).expect("room"));
        assert_eq!(Ward::of_host(state, "d1").expect("readable").and_then(|found| found.check), Some(check));
        let was = Ward::clear(state, "d1", "new battery", Nanos(8)).expect("room").expect("it was there");
        assert_eq!(was.why, "first");
        assert_eq!(ward.bars("d1"), None);
        let log = std::fs::read_to_string(state.join("quarantine/cleared.jsonl")).expect("kept");
        assert!(log.contains("new battery") && log.contains("first") && log.lines().count() == 1, "{log}");
    }

    #[test]
    fn a_damaged_record_keeps_its_device_in() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(dir.path().join("quarantine")).expect("room");
        std::fs::write(dir.path().join("quarantine/d1.json"), "{").expect("room");
        let disk = SystemDisk::default();
        let bars = Ward::new(&disk, dir.path()).bars("d1").expect("it is there");
        assert!(bars.detail.contains("damaged"), "{}", bars.detail);
    }
}
