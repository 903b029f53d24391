//! Who on this host works with a device, without getting in its way: a look at the kernel's list of locks.

use std::fs;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::lease::{MAX_RUN, holder_file, in_words};

const LOCKS: &str = "/proc/locks";
const MAX_BYTES: u64 = 1 << 20;

/// Which run of this host has a device. `None` when none has, and where the kernel does not tell.
#[must_use]
pub fn lease_holder(state_dir: &Path, device: &str) -> Option<String> {
    let file = state_dir.join("leases").join(device);
    let inode = fs::metadata(&file).ok()?.ino();
    let locks = beginning(Path::new(LOCKS), MAX_BYTES)?;
    let is_held = is_locked(&String::from_utf8_lossy(&locks), inode);
    is_held.then(|| in_words(beginning(&holder_file(&file), MAX_RUN)))
}

fn beginning(file: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Whether a whole file is locked for writing: lines of `1: FLOCK ADVISORY WRITE PID MAJOR:MINOR:INODE 0 EOF`. The numbers
/// of the device are left out: some file systems show others in the list than for the file.
fn is_locked(locks: &str, inode: u64) -> bool {
    locks.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, "WRITE", _, file, ..] = words.as_slice() else { return false };
        file.rsplit(':').next().and_then(|number| number.parse::<u64>().ok()) == Some(inode)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_is_held_names_its_holder() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("leases/scanner");
        assert_eq!(lease_holder(dir.path(), "scanner"), None);
        fs::create_dir(dir.path().join("leases")).expect("room");
        let file = fs::File::create(&path).expect("room");
        assert_eq!(lease_holder(dir.path(), "scanner"), None);
        file.lock().expect("free");
        assert_eq!(lease_holder(dir.path(), "scanner").as_deref(), Some("another run of this host"));
        fs::write(dir.path().join("leases/scanner.run"), "20260101-000000-soak-00ff").expect("room");
        let holder = lease_holder(dir.path(), "scanner");
        assert_eq!(holder.as_deref(), Some("run 20260101-000000-soak-00ff of this host"));
        drop(file);
        assert_eq!(lease_holder(dir.path(), "scanner"), None);
    }

    #[test]
    fn only_locks_for_writing_of_that_file_count() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 fd:01:7 0 EOF\n2: FLOCK  ADVISORY  READ 12 fd:01:7 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 13 fd:01:7 0 EOF\n3: FLOCK  ADVISORY  WRITE 14 fd:01:17 0 EOF\n4: FLOCK";
        assert_eq!((is_locked(locks, 7), is_locked(locks, 17)), (false, true));
    }
}
