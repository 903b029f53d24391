//! Digests of large files that were read before in this boot, so that a model that has not changed is not read again
//! each time somebody asks what lies on the device. A session trusts none of them: it reads its files when it starts.
//!
//! A digest is known for a file of one file system, inode, size, time of content and time of change, of which the last
//! cannot be set by anybody. A file that changed only just now may change again without its time telling, and is not
//! noted.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::time::{ClockId, clock_gettime};

use crate::digest::{Fingerprint, fingerprint, is_sha256_hex};

/// Files from this size on are noted, bytes; smaller ones are read each time.
const LARGE_FROM: u64 = 1 << 20;
/// How long a file must have been as it is; times of files tick every 10 ms at the slowest.
const AT_REST_NS: i128 = 20_000_000;
/// Notes that are kept, the latest.
const MOST_NOTES: usize = 256;
/// Longest file of notes, bytes.
const MOST_BYTES: u64 = 256 << 10;

/// Fingerprint of a file, from the notes of `boot` where they have it.
pub(crate) fn look(
    notes: &Path,
    boot: &str,
    file: &Path,
    go_on: &mut dyn FnMut() -> bool,
) -> io::Result<Fingerprint> {
    let found = fs::metadata(file)?;
    if !found.is_file() || found.len() < LARGE_FROM || boot.is_empty() {
        return fingerprint(file, go_on);
    }
    let state = state_of(boot, &found);
    let known = read(notes);
    if let Some(sha256) = known.iter().find_map(|note| note.strip_prefix(&state)) {
        return Ok(Fingerprint {
            sha256: sha256.to_owned(),
            bytes: found.len(),
            mode: found.mode() & 0o7777,
        });
    }
    let at_rest = is_at_rest(&found);
    let fresh = fingerprint(file, go_on)?;
    if at_rest && state_of(boot, &fs::metadata(file)?) == state {
        // Without the note the file is read again.
        let _ = write(notes, known, &format!("{state}{}", fresh.sha256));
    }
    Ok(fresh)
}

fn state_of(boot: &str, found: &fs::Metadata) -> String {
    format!(
        "{boot} {:x} {:x} {} {}.{:09} {}.{:09} ",
        found.dev(),
        found.ino(),
        found.len(),
        found.mtime(),
        found.mtime_nsec(),
        found.ctime(),
        found.ctime_nsec(),
    )
}

fn is_at_rest(found: &fs::Metadata) -> bool {
    let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
    let now = clock_gettime(ClockId::Realtime);
    nanos(now.tv_sec, now.tv_nsec) - nanos(found.ctime(), found.ctime_nsec()) >= AT_REST_NS
}

/// Every note that is one.
fn read(notes: &Path) -> Vec<String> {
    if fs::metadata(notes).map_or(true, |found| found.len() > MOST_BYTES) {
        return Vec::new();
    }
    let text = fs::read_to_string(notes).unwrap_or_default();
    let whole = |note: &&str| note.rsplit_once(' ').is_some_and(|(_, sha256)| is_sha256_hex(sha256));
    text.lines().filter(whole).map(str::to_owned).collect()
}

/// Whole or not at all: somebody else may look at the same time.
fn write(notes: &Path, mut known: Vec<String>, note: &str) -> io::Result<()> {
    known.push(note.to_owned());
    let text =
        known.iter().skip(known.len().saturating_sub(MOST_NOTES)).fold(String::new(), |mut text, note| {
            let _ = writeln!(text, "{note}");
            text
        });
    let mut part = PathBuf::from(notes).into_os_string();
    part.push(format!(".part-{}", std::process::id()));
    fs::write(&part, text)?;
    fs::rename(&part, notes)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    struct Place(tempfile::TempDir);

    impl Place {
        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn look(&self, boot: &str) -> String {
            let found = look(&self.path("digests"), boot, &self.path("model"), &mut || true);
            found.expect("readable").sha256
        }

        fn put(&self, byte: u8) {
            fs::write(self.path("model"), vec![byte; 1 << 20]).expect("room");
            std::thread::sleep(Duration::from_millis(50));
        }

        fn notes(&self) -> String {
            fs::read_to_string(self.path("digests")).unwrap_or_default()
        }
    }

    #[test]
    fn a_large_file_is_read_once_in_a_boot_and_again_when_it_changed() {
        let place = Place(tempfile::tempdir().expect("a directory"));
        place.put(1);
        let first = place.look("boot-1");
        assert!(place.notes().contains(&first));
        let other = "0".repeat(64);
        fs::write(place.path("digests"), place.notes().replace(&first, &other)).expect("room");
        assert_eq!(place.look("boot-1"), other, "the note is believed");
        assert_eq!(place.look("boot-2"), first, "but not after a restart");
        place.put(2);
        let second = place.look("boot-1");
        assert!(second != first && second != other, "nor for another content");
        let modified =
            fs::metadata(place.path("model")).and_then(|found| found.modified()).expect("it has one");
        place.put(3);
        File::options()
            .write(true)
            .open(place.path("model"))
            .and_then(|file| file.set_modified(modified))
            .expect("ours");
        assert_ne!(place.look("boot-1"), second, "nor for one whose time was set back");
    }

    #[test]
    fn notes_are_bounded_and_nonsense_is_none() {
        let place = Place(tempfile::tempdir().expect("a directory"));
        place.put(1);
        let digest = "a".repeat(64);
        let notes: String = (0..400).map(|n| format!("boot {n} {digest}")).collect::<Vec<_>>().join("\n");
        fs::write(place.path("digests"), notes + "\nhalf a no").expect("room");
        let found = place.look("boot");
        let notes = place.notes();
        assert_eq!(notes.lines().count(), MOST_NOTES);
        assert!(notes.trim_end().ends_with(&found) && !notes.contains("half"));
        fs::write(place.path("digests"), vec![b'x'; 300 << 10]).expect("room");
        place.put(2);
        assert_ne!(place.look("boot"), found);
    }

    #[test]
    fn without_a_boot_nothing_is_noted() {
        let place = Place(tempfile::tempdir().expect("a directory"));
        place.put(1);
        place.look("");
        assert_eq!(place.notes(), "");
    }
}
