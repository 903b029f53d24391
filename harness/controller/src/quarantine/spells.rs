//! Every time that a device was in quarantine on this host, for people who look back.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::Path;

use edgesoak_protocol::units::Nanos;
use edgesoak_record::fleet::QuarantineSpell;
use serde::Deserialize;

use super::{CLEARED, MAX_RECORD, Quarantined, Ward};
use crate::world::SystemDisk;

/// As much of the log is read; a person writes a line of it now and then.
const MAX_LOG: u64 = 16 << 20;

/// A line of the log of devices that were let out.
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    was: Quarantined,
    let_out: Nanos,
    reason: String,
}

impl Ward<'_> {
    /// Every time that a device was in quarantine, the latest first: those that are there, and those that were let out.
    /// A line of the log that cannot be understood tells nothing.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be read.
    pub fn spells(state_dir: &Path) -> io::Result<Vec<QuarantineSpell>> {
        let disk = SystemDisk::default();
        let ward = Ward::new(&disk, state_dir);
        let mut spells = let_out(&ward.dir.join(CLEARED))?;
        for device in devices(&ward.dir)? {
            spells.extend(ward.get(&device)?.map(|found| spell(found, None)));
        }
        spells.sort_by(|a, b| (b.since, &b.device).cmp(&(a.since, &a.device)));
        Ok(spells)
    }
}

fn spell(found: Quarantined, let_out: Option<(Nanos, String)>) -> QuarantineSpell {
    let Quarantined { device, whose, why, since, run, check } = found;
    QuarantineSpell {
        device,
        whose,
        why,
        since,
        run,
        check: check.map(|check| (check.run, check.verdict)),
        let_out,
    }
}

/// The devices that have a record.
fn devices(dir: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut devices = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        devices.extend(name.to_str().and_then(|name| name.strip_suffix(".json")).map(str::to_owned));
    }
    Ok(devices)
}

fn let_out(log: &Path) -> io::Result<Vec<QuarantineSpell>> {
    let file = match File::open(log) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        file => file?,
    };
    let mut spells = Vec::new();
    for line in BufReader::new(file.take(MAX_LOG)).split(b'\n') {
        let line = line?;
        // A record that was too long to be read was never kept either.
        if line.len() as u64 > 2 * MAX_RECORD {
            continue;
        }
        if let Ok(Line { was, let_out, reason }) = serde_json::from_slice(&line) {
            spells.push(spell(was, Some((let_out, reason))));
        }
    }
    Ok(spells)
}

#[cfg(test)]
mod tests {
    use super::super::HealthCheck;
    use super::*;

    fn put(state: &Path, device: &str, since: u64) {
        let (whose, why, run) = ("device".to_owned(), format!("{device} was hot"), "r1".to_owned());
        let quarantined =
            Quarantined { device: device.to_owned(), whose, why, since: Nanos(since), run, check: None };
        Ward::put_of_host(state, &quarantined).expect("room");
    }

    #[test]
    fn those_that_are_there_and_those_that_were_let_out_are_told() {
        let dir = tempfile::tempdir().expect("a folder");
        let state = dir.path();
        assert_eq!(Ward::spells(state).expect("nothing there"), []);
        put(state, "d1", 5);
        put(state, "d2", 6);
        let check = HealthCheck { run: "r2".to_owned(), verdict: "pass".to_owned(), at: Nanos(7) };
        Ward::keep_check(state, "d1", check).expect("room");
        Ward::clear(state, "d1", "new battery", Nanos(8)).expect("room").expect("it was there");
        put(state, "d1", 9);
        fs::write(state.join("quarantine/d3.json"), "{").expect("room");
        let log = state.join("quarantine").join(CLEARED);
        let text = fs::read_to_string(&log).expect("a log");
        fs::write(&log, format!("{{\n\u{0}\n{text}{{\"device\":")).expect("room");

        let spells = Ward::spells(state).expect("readable");
        let told: Vec<_> = spells.iter().map(|spell| (spell.device.as_str(), spell.since.0)).collect();
        assert_eq!(told, [("d1", 9), ("d2", 6), ("d1", 5), ("d3", 0)]);
        assert_eq!(spells[2].let_out, Some((Nanos(8), "new battery".to_owned())));
        assert_eq!(spells[2].check, Some(("r2".to_owned(), "pass".to_owned())));
        assert!(spells[0].let_out.is_none() && spells[3].why.contains("damaged"), "{spells:?}");
    }
}
