//! Mounts, with words for what fails.

use std::ffi::CStr;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use rustix::fs::{StatVfsMountFlags, statvfs};
use rustix::mount::{
    MountFlags, UnmountFlags, mount, mount_bind, mount_bind_recursive, mount_remount, unmount,
};
use rustix::process::pivot_root;

use super::error::InsideError;

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

/// Shows a folder of the host with all that is mounted below it.
pub(super) fn bind_all(from: &Path, place: &Path) -> Result<(), InsideError> {
    directory(place)?;
    mount_bind_recursive(from, place).map_err(failed(&from.display().to_string(), place))
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
