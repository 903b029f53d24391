//! Who on this host works with a device, without getting in its way: a look at the kernel's list of locks.

use std::fs;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

const LOCKS: &str = "/proc/locks";
const MAX_BYTES: u64 = 1 << 20;
const MAX_CHARS: usize = 120;

/// Who holds a device of a run of this host: a process and its words. `None` when nobody does, and where the kernel
/// does not tell.
#[must_use]
pub fn lease_holder(state_dir: &Path, device: &str) -> Option<String> {
    let inode = fs::metadata(state_dir.join("leases").join(device)).ok()?.ino();
    let mut locks = String::new();
    fs::File::open(LOCKS).ok()?.take(MAX_BYTES).read_to_string(&mut locks).ok()?;
    let pid = holder(&locks, inode)?;
    // A process of another container has no number here.
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: String = String::from_utf8_lossy(&words).replace('\0', " ").chars().take(MAX_CHARS).collect();
    Some(if words.is_empty() {
        "a run of this host".to_owned()
    } else {
        format!("process {pid} ({})", words.trim_end())
    })
}

/// Process that holds a lock of a whole file for writing: lines of `1: FLOCK ADVISORY WRITE PID MAJOR:MINOR:INODE 0 EOF`.
/// The numbers of the device are left out: some file systems show others in the list than for the file.
fn holder(locks: &str, inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, "WRITE", pid, file, ..] = words.as_slice() else { return None };
        let of_file = file.rsplit(':').next().and_then(|number| number.parse::<u64>().ok());
        (of_file == Some(inode)).then(|| pid.parse().ok()).flatten()
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
        let holder = lease_holder(dir.path(), "scanner").expect("held");
        assert!(
            holder.contains(&std::process::id().to_string()) || holder == "a run of this host",
            "{holder}"
        );
        drop(file);
        assert_eq!(lease_holder(dir.path(), "scanner"), None);
    }

    #[test]
    fn only_locks_for_writing_of_that_file_count() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 fd:01:7 0 EOF\n2: FLOCK  ADVISORY  READ 12 fd:01:7 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 13 fd:01:7 0 EOF\n3: FLOCK  ADVISORY  WRITE 14 fd:01:17 0 EOF\n4: FLOCK";
        assert_eq!((holder(locks, 7), holder(locks, 17)), (None, Some(14)));
    }
}
