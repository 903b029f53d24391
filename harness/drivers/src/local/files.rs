//! Files of a local device.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::limits::GivenUp;
use crate::driver::Listed;
use crate::error::DriverError;

const MAX_LISTED: usize = 10_000;
const CHUNK: usize = 1 << 20;
/// Between a file's name and the process that writes it.
const PART: &str = ".part-";

pub(crate) fn device_error(doing: &'static str, path: &Path, source: io::Error) -> DriverError {
    DriverError::DeviceFile { doing, path: path.display().to_string(), source }
}

pub(crate) fn host_error(doing: &'static str, path: &Path, source: io::Error) -> DriverError {
    DriverError::HostFile { doing, path: path.display().to_string(), source }
}

/// Turns an I/O error into the error of the side that the file lies on.
type Blame = fn(&'static str, &Path, io::Error) -> DriverError;

pub(crate) fn push(from: &Path, to: &Path, mode: u32, given_up: &GivenUp) -> Result<u64, DriverError> {
    copy((from, host_error), (to, device_error), mode, given_up)
}

pub(crate) fn pull(from: &Path, to: &Path, given_up: &GivenUp) -> Result<u64, DriverError> {
    copy((from, device_error), (to, host_error), 0o600, given_up)
}

fn copy(
    (from, blame_from): (&Path, Blame),
    (to, blame_to): (&Path, Blame),
    mode: u32,
    given_up: &GivenUp,
) -> Result<u64, DriverError> {
    let mut source = File::open(from).map_err(|error| blame_from("opening", from, error))?;
    make_parent(to).map_err(|error| blame_to("making the directory of", to, error))?;
    let part = Part::beside(to);
    let mut target = part.create().map_err(|error| blame_to("creating", to, error))?;
    let mut buffer = vec![0; CHUNK];
    let mut copied = 0;
    loop {
        let read = source.read(&mut buffer).map_err(|error| blame_from("reading", from, error))?;
        if read == 0 {
            break;
        }
        if given_up.is_set() {
            return Err(blame_to("writing", to, io::ErrorKind::Interrupted.into()));
        }
        target.write_all(&buffer[..read]).map_err(|error| blame_to("writing", to, error))?;
        copied += read as u64;
    }
    fs::set_permissions(&part.0, fs::Permissions::from_mode(mode))
        .and_then(|()| target.sync_all())
        .and_then(|()| {
            // A program that is still open for writing cannot be executed.
            drop(target);
            part.finish(to)
        })
        .map_err(|error| blame_to("finishing", to, error))?;
    Ok(copied)
}

/// Makes the directory that a file is put into, private to the owner.
pub(crate) fn make_parent(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), |parent| fs::DirBuilder::new().recursive(true).mode(0o700).create(parent))
}

/// A file on its way; gone when the copy fails.
pub(crate) struct Part(PathBuf);

impl Part {
    pub(crate) fn beside(path: &Path) -> Self {
        remove_abandoned(path);
        let mut name = path.as_os_str().to_owned();
        name.push(format!("{PART}{}", std::process::id()));
        Self(name.into())
    }

    pub(crate) fn create(&self) -> io::Result<File> {
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&self.0)
    }

    /// The file is whole: it gets its name.
    pub(crate) fn finish(&self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path)
    }
}

/// What a host that was killed in the middle of a push left beside `path`: a model's worth of bytes each time.
fn remove_abandoned(path: &Path) {
    let (Some(dir), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return;
    };
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.take(MAX_LISTED).flatten() {
        let file = entry.file_name();
        let pid =
            file.to_str().and_then(|file| file.strip_prefix(name)?.strip_prefix(PART)?.parse::<u32>().ok());
        if pid.is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
            // It only costs room; the push itself does not depend on it.
            let _ = fs::remove_file(entry.path());
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is nothing to remove, and a failed copy has its own error to report.
        let _ = fs::remove_file(&self.0);
    }
}

pub(crate) fn remove(path: &Path) -> Result<(), DriverError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(|error| device_error("removing", path, error)),
    }
}

pub(crate) fn list(path: &Path) -> Result<Vec<Listed>, DriverError> {
    let blame = |error| device_error("listing", path, error);
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(blame)?,
    };
    let mut listed = Vec::new();
    for entry in entries.take(MAX_LISTED) {
        let entry = entry.map_err(blame)?;
        let Ok(found) = entry.metadata() else { continue };
        listed.push(Listed {
            name: entry.file_name().to_string_lossy().into_owned(),
            bytes: if found.is_dir() { 0 } else { found.len() },
            is_dir: found.is_dir(),
        });
    }
    listed.sort();
    Ok(listed)
}
