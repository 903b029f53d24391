//! The files through which programs talk to USB devices.

use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};
use rustix::io::Errno;

const NODES: &str = "/dev/bus/usb";

/// The file of a device by its bus and its number there.
pub(super) fn of(bus: u16, number: u16) -> PathBuf {
    Path::new(NODES).join(format!("{bus:03}/{number:03}"))
}

pub(super) fn may_be_opened(node: &Path) -> Option<bool> {
    match access(node, Access::READ_OK | Access::WRITE_OK) {
        Ok(()) => Some(true),
        Err(Errno::ACCESS | Errno::PERM) => Some(false),
        Err(_) => None,
    }
}
