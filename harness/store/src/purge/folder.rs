//! The folder of a run, taken away while nobody works on it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::error::StoreError;
use crate::run_folder::HOST_JOURNAL;

/// Name of the file that a process holds while it works on a run.
const LOCK: &str = "lock";
/// Folders within folders.
const DEEPEST: usize = 16;

/// Holds a run, if its folder is there.
pub(super) struct Held(Option<File>);

impl Held {
    /// Takes the lock of a run.
    pub(super) fn take(dir: &Path) -> Result<Self, StoreError> {
        if !dir.is_dir() {
            return Ok(Self(None));
        }
        let path = dir.join(LOCK);
        let failed = |source| StoreError::ReadFile { path: path.clone(), source };
        let mut options = OpenOptions::new();
        let file =
            options.create(true).write(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(TryLockError::WouldBlock) => Err(StoreError::RunInUse { path: dir.to_owned() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Removes the folder.
    pub(super) fn remove(self, dir: &Path) -> Result<(), StoreError> {
        if self.0.is_none() {
            return Ok(());
        }
        let failed = |source| StoreError::RemoveRun { path: dir.to_owned(), source };
        // Without it the folder is no run any more, whatever happens next.
        match fs::remove_file(dir.join(HOST_JOURNAL)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        fs::remove_dir_all(dir).map_err(failed)
    }
}

/// Whether a process works on a run.
pub(super) fn is_in_use(dir: &Path) -> Result<bool, StoreError> {
    let path = dir.join(LOCK);
    let failed = |source| StoreError::ReadFile { path: path.clone(), source };
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Files and bytes of a folder; of one that is not there none.
pub(super) fn weigh(dir: &Path) -> Result<(u64, u64), StoreError> {
    let failed = |source| StoreError::ReadFile { path: dir.to_owned(), source };
    let (mut files, mut bytes) = (0, 0);
    let mut waiting = vec![(dir.to_owned(), 0)];
    while let Some((path, depth)) = waiting.pop() {
        let found = match fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(error)),
        };
        if !found.is_dir() {
            files += 1;
            bytes += found.len();
        } else if depth < DEEPEST {
            let entries = fs::read_dir(&path).map_err(failed)?;
            let entries: io::Result<Vec<_>> =
                entries.map(|entry| entry.map(|entry| (entry.path(), depth + 1))).collect();
            waiting.extend(entries.map_err(failed)?);
        }
    }
    Ok((files, bytes))
}
