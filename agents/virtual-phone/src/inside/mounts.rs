//! Mounts, with words for what fails.

use std::ffi::{CStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{StatVfsMountFlags, statvfs};
use rustix::mount::{
    MountFlags, UnmountFlags, mount, mount_bind, mount_bind_recursive, mount_remount, unmount,
};
use rustix::process::pivot_root;

use super::error::InsideError;

/// What is mounted, as this process sees it.
const MOUNTED: &str = "/proc/self/mountinfo";

fn failed(what: &str, place: &Path) -> impl FnOnce(rustix::io::Errno) -> InsideError {
    let what = format!("{what} at {}", place.display());
    move |errno| InsideError::Mounting { what, source: errno.into() }
}

/// An empty file system in memory.
pub(super) fn memory(place: &Path, options: &CStr) -> Result<(), InsideError> {
    directory(place)?;
    mount("phone", place, "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, options)
        .map_err(failed("memory", place))
}

/// A file system of the kernel.
pub(super) fn kernel(kind: &str, place: &Path, options: &CStr) -> Result<(), InsideError> {
    directory(place)?;
    let flags = MountFlags::NOSUID | MountFlags::NOEXEC;
    mount(kind, place, kind, flags, options).map_err(failed(kind, place))
}

/// Shows a file or a folder at another place too.
pub(super) fn bind(from: &Path, place: &Path) -> Result<(), InsideError> {
    if from.is_dir() {
        directory(place)?;
    } else if !place.exists() {
        File::create(place).map_err(InsideError::file("creating", place))?;
    }
    mount_bind(from, place).map_err(failed(&from.display().to_string(), place))
}

/// Shows a folder of the host with all that is mounted below it, and lets nobody write through any of it.
pub(super) fn bind_all_unwritable(from: &Path, place: &Path) -> Result<(), InsideError> {
    directory(place)?;
    mount_bind_recursive(from, place).map_err(failed(&from.display().to_string(), place))?;
    restrict(place, MountFlags::RDONLY)?;
    // What is restricted is one mount, never what is mounted below it.
    let mounted = fs::read(MOUNTED).map_err(InsideError::file("reading", Path::new(MOUNTED)))?;
    for below in mounted_below(&mounted, place) {
        // One that another was mounted over is out of reach for everybody.
        if fs::symlink_metadata(&below).is_ok() {
            restrict(&below, MountFlags::RDONLY)?;
        }
    }
    Ok(())
}

/// The places of mounts below a folder, in lines of `proc_pid_mountinfo(5)`.
fn mounted_below(mounted: &[u8], folder: &Path) -> Vec<PathBuf> {
    let lines = mounted.split(|byte| *byte == b'\n');
    let places = lines.filter_map(|line| line.split(|byte| *byte == b' ').nth(4)).map(unescaped);
    places.filter(|place| place.starts_with(folder) && place != folder).collect()
}

/// Spaces, tabs, line ends and backslashes are written as `\ooo`.
fn unescaped(text: &[u8]) -> PathBuf {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let [first, tail @ ..] = rest {
        let octal = match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
                Some((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'))
            }
            _ => None,
        };
        bytes.push(octal.unwrap_or(*first));
        rest = if octal.is_some() { &rest[4..] } else { tail };
    }
    OsString::from_vec(bytes).into()
}

/// Shows a file or a folder, and lets nobody write through it.
pub(super) fn bind_unwritable(from: &Path, place: &Path) -> Result<(), InsideError> {
    bind(from, place)?;
    restrict(place, MountFlags::RDONLY)
}

/// Takes something from a mount.
pub(super) fn restrict(place: &Path, flags: MountFlags) -> Result<(), InsideError> {
    // What the mount has lost already it cannot get back, and must not ask for.
    let kept = statvfs(place).map_err(failed("what is there", place))?.f_flag;
    let kept = [
        (StatVfsMountFlags::NOSUID, MountFlags::NOSUID),
        (StatVfsMountFlags::NODEV, MountFlags::NODEV),
        (StatVfsMountFlags::NOEXEC, MountFlags::NOEXEC),
        (StatVfsMountFlags::RDONLY, MountFlags::RDONLY),
    ]
    .into_iter()
    .filter(|(theirs, _)| kept.contains(*theirs))
    .fold(flags, |flags, (_, ours)| flags | ours);
    mount_remount(place, MountFlags::BIND | kept, "").map_err(failed("restrictions", place))
}

/// Makes a folder the root of this level and forgets the one before.
pub(super) fn enter(root: &Path) -> Result<(), InsideError> {
    std::env::set_current_dir(root).map_err(InsideError::file("entering", root))?;
    // The old root lies over the new one for a moment, so that neither needs a place in the other.
    pivot_root(".", ".").map_err(failed("the root", root))?;
    unmount(".", UnmountFlags::DETACH).map_err(failed("nothing", Path::new("/")))?;
    std::env::set_current_dir("/").map_err(InsideError::file("entering", root))
}

/// A folder with everything above it.
pub(super) fn directory(path: &Path) -> Result<(), InsideError> {
    match fs::create_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(InsideError::file("creating", path)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_below_a_folder_are_found_whatever_they_are_called() {
        let mounted = b"21 1 0:20 / / rw - ext4 /dev/root rw\n\
                        22 21 0:21 / /r/usr ro - ext4 /dev/root rw\n\
                        23 22 0:22 / /r/usr/a\\040b\\134c rw - tmpfs x rw\n\
                        24 22 0:23 / /r/usr/d\\9 rw shared:1 - tmpfs x rw\n\
                        25 21 0:24 / /r/usr2 rw - tmpfs x rw\nodd\n";
        assert_eq!(
            mounted_below(mounted, Path::new("/r/usr")),
            [PathBuf::from("/r/usr/a b\\c"), PathBuf::from("/r/usr/d\\9")]
        );
    }
}
