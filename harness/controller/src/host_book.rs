//! What a host knows of itself: its own name among the hosts of the lab, and which of its runs are open.
//!
//! ```text
//! <state>/host          the name
//!         pack-salt     what digests of battery packs are made with
//!         answer-salt   what digests of answers are made with
//!         runs/<run>    one file per run that is open; its text is the run's directory
//! ```

use std::path::{Path, PathBuf};

use edgesoak_record::hex;

use crate::world::{Disk, World};

const MAX_NAME: u64 = 100;
const SALT_PAIRS: usize = 8;
const KERNEL_NAME: &str = "/proc/sys/kernel/hostname";

/// This host in a word that no other host has: names of hosts are chosen twice more often than one would think.
pub(crate) fn name(world: &World, state_dir: &Path) -> String {
    let (disk, path) = (world.disk.as_ref(), state_dir.join("host"));
    if let Some(known) = known_name(disk, state_dir) {
        return known;
    }
    let [a, b] = world.randomness.suffix();
    let [c, d] = world.randomness.suffix();
    let kernel = word(disk, Path::new(KERNEL_NAME)).unwrap_or_else(|| "host".to_owned());
    let name = format!("{kernel}-{a:02x}{b:02x}{c:02x}{d:02x}");
    // A host that cannot keep its name has another one in its next run: its devices come free a while later.
    let _ = disk.create_dirs(state_dir).and_then(|()| disk.write_atomically(&path, name.as_bytes()));
    // Another process may have been quicker.
    known_name(disk, state_dir).unwrap_or(name)
}

/// Its name, if it has been given one.
pub(crate) fn known_name(disk: &dyn Disk, state_dir: &Path) -> Option<String> {
    word(disk, &state_dir.join("host"))
}

/// What digests of battery packs are made with, so that nobody who reads a report can try out serial numbers.
pub(crate) fn pack_salt(world: &World, state_dir: &Path) -> String {
    salt(world, state_dir, "pack-salt")
}

/// What digests of answers are made with, so that nobody who reads a run can try out short answers.
pub(crate) fn answer_salt(world: &World, state_dir: &Path) -> String {
    salt(world, state_dir, "answer-salt")
}

fn salt(world: &World, state_dir: &Path, name: &str) -> String {
    let (disk, path) = (world.disk.as_ref(), state_dir.join(name));
    if let Some(known) = word(disk, &path) {
        return known;
    }
    let bytes: Vec<u8> = (0..SALT_PAIRS).flat_map(|_| world.randomness.suffix()).collect();
    let salt = hex(&bytes);
    // A host that cannot keep it takes every pack for another one in its next run: its devices rest once more. And no
    // answer of that run equals one of this.
    let _ = disk.create_dirs(state_dir).and_then(|()| disk.write_atomically(&path, salt.as_bytes()));
    // Another process may have been quicker.
    word(disk, &path).unwrap_or(salt)
}

fn word(disk: &dyn Disk, path: &Path) -> Option<String> {
    let text = String::from_utf8(disk.read(path, MAX_NAME).ok()?).ok()?;
    let word: String = text.trim().chars().filter(char::is_ascii_graphic).take(80).collect();
    (!word.is_empty()).then_some(word)
}

fn run_file(state_dir: &Path, run: &str) -> PathBuf {
    state_dir.join("runs").join(run)
}

/// Notes that a run is open, for whoever finds its traces on a device.
pub(crate) fn opened(disk: &dyn Disk, state_dir: &Path, run: &str, dir: &Path) {
    let path = run_file(state_dir, run);
    let text = dir.to_string_lossy();
    // Without it a later run may stop what this one left running; the note of that run says so.
    let _ = disk
        .create_dirs(&state_dir.join("runs"))
        .and_then(|()| disk.write_atomically(&path, text.as_bytes()));
}

/// Notes that a run is closed.
pub(crate) fn closed(disk: &dyn Disk, state_dir: &Path, run: &str) {
    // A run that seems open only keeps its devices longer.
    let _ = disk.remove(&run_file(state_dir, run));
}

/// Whether a run of this host was not closed. The name comes from a device.
pub(crate) fn is_open(disk: &dyn Disk, state_dir: &Path, run: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    run.chars().all(is_plain) && disk.length(&run_file(state_dir, run)).is_ok_and(|length| length.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_keeps_its_name_and_knows_its_open_runs() {
        let dir = tempfile::tempdir().expect("a folder");
        let (state, world) = (dir.path().join("state"), World::real());
        let first = name(&world, &state);
        assert_eq!(name(&world, &state), first);
        assert_ne!(name(&world, &dir.path().join("another")), first);
        assert!(first.bytes().all(|byte| byte.is_ascii_graphic()) && first.len() > 9, "{first}");
        let disk = world.disk.as_ref();
        assert!(!is_open(disk, &state, "r1"));
        opened(disk, &state, "r1", Path::new("out/runs/r1"));
        assert!(is_open(disk, &state, "r1"));
        assert!(!is_open(disk, &state, "../host"), "it stays in its folder");
        closed(disk, &state, "r1");
        assert!(!is_open(disk, &state, "r1"));
    }
}
